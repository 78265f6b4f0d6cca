from tests.playground_server import sign_in


def test_somebody_consents_and_the_token_knows_them(playground):
    token = sign_in(playground, "ada")
    answer = playground.get("/api/v1/accounts/verify_credentials", token)
    assert answer.status_code == 200
    assert answer.json()["acct"] == "ada"
