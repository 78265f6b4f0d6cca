"""Public names, addresses and certificates, all on loopback."""

import socket
import ssl

import trustme

from networks.http import Door
from tests.networks.edge.servers import Server

PUBLIC = "93.184.216.34"


class Internet:
    """Public names and addresses that all end at servers on loopback, and who was connected."""

    def __init__(self) -> None:
        self.authority = trustme.CA()
        self.answers: dict[str, list[list[str]]] = {}
        self.servers: dict[str, Server] = {}
        self.connected: list[str] = []

    def put(self, name: str, server: Server, address: str = PUBLIC) -> None:
        self.answers[name] = [[address]]
        self.servers[address] = server

    def certificate(self, *names: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(*names).configure_cert(context)
        return context

    def resolve(self, name: str, _seconds: float) -> list[str]:
        answers = self.answers[name]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def connect(self, address: str, port: int, seconds: float) -> socket.socket:
        assert port == 443
        self.connected.append(address)
        return socket.create_connection(("127.0.0.1", self.servers[address].port), seconds)

    def door(self, **options) -> Door:
        tls = ssl.create_default_context()
        self.authority.configure_trust(tls)
        return Door(
            resolve=self.resolve, connect=self.connect, tls=tls, **({"deadline": 2} | options)
        )
