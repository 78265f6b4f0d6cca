def test_the_landing_page_answers(client, db):
    assert client.get("/").status_code == 200
