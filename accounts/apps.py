from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import checks, second_factors, signals

        signals.connect()
        second_factors.bind_rows()
        checks.register_all()
