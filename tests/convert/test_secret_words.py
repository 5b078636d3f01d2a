"""What names say of their texts and which texts no person chose: each limit with what lies just beside it."""

from __future__ import annotations

import random

import pytest

from mlee_jupyter.convert.secrets.secret_words import (
    LONGEST,
    SAMPLE,
    Called,
    called,
    entropy,
    is_key,
    is_password,
    is_placeholder,
    is_random,
    is_strong,
    named,
)

from .secret_makers import drawn, hexadecimal, mixed

LEVELS = {
    Called.PASSWORD: """
password passwords passwd pwd passphrase pass_phrase passcode pass_code passwort kennwort db_password DBPassword
mysqlpwd userpassword rootpasswd smtp_password ftppassword mailpassword imappassword sqlpassword redispassword
mongopassword loginpassword sshpassword mypassword pgpassword adminpassword pass pw pword db_pass password_prod
password_dev password_b64
""",
    Called.SECRET: """
secret secrets secret_key secretkey client_secret SECRET app_secret my_secret secret_value secret_string
consumer_secret webhook_secret secret_x fs.s3a.secret.key fs.s3a.secretkey
""",
    Called.KEY: """
bearer api_key apikey api_keys apiKey APIKey API_KEY X-Api-Key api_token apitoken jwt x_amz_signature
secret_token secret_access_key access_key_id aws_access_key_id access_key private_key account_key encryption_key
master_key subscription_key bot_token openai_key anthropic_key hf_token github_token gitlab_token slack_token
telegram_token stripe_key wandb_key kaggle_key azure_key gcp_key google_key refresh_token twilio_token
cohere_key mapbox_token rapidapi_key rapid_api_key oauth_token session_key auth_token sas_token
personal_access_token api_key_old API_KEY_2 api_key_db api_key_value_default fs.azure.account.key.x
fs.access.key fs.api.key
""",
    Called.WEAKLY: """
appid token tokens credential credentials creds auth authorization cookie cookies sas signature sig sid my_key
weather_key token_str my_key_a
""",
    Called.OTHERWISE: """
compass bypass passed pass_rate password_length mypw secretary id_token author primary_key foreign_key sort_key
partition_key group_key row_key column_key merge_key index_key cache_key object_key public_key dataset_key
model_key hash_key s3_key random_key rng_key pad_token unk_token eos_token cls_token mask_token max_token
num_tokens min_tokens start_token key keys k x rows token_test a.key token_count max_tokens n_tokens keyboard
monkey
""",
}
EVERYDAY = """
postgres admin123 letmein neo4j none12 string text123 masked required optional invalid forbidden unauthorized anonymous
varchar object category unicode default elastic oracle minio mysql secret
"""


@pytest.mark.parametrize("level", LEVELS, ids=str)
def test_what_a_name_says(level: Called) -> None:
    assert {name: called(name) for name in LEVELS[level].split()} == dict.fromkeys(LEVELS[level].split(), level)


def test_a_name_without_end_says_nothing() -> None:
    assert called("a" * 76 + "_key") is Called.WEAKLY
    assert called("a" * 77 + "_key") is Called.OTHERWISE
    assert called("") is Called.OTHERWISE


def test_the_levels_are_in_order() -> None:
    assert [level.value for level in Called] == [0, 1, 2, 3, 4]
    assert (LONGEST, SAMPLE) == (4_000, 200)


def test_entropy_in_bits() -> None:
    assert [entropy(t) for t in ("", "aaaa", "ab", "aabb", "abcd", "abcdefgh", "aaab")] == pytest.approx(
        [0, 0, 1, 1, 2, 3, 0.811278], abs=1e-6
    )


KEY = "q7Wz2Kf9Xp4Lm8Rt3Vb6Nc1Hs5Jd0Gy"  # no two neighbours of it go together


def test_how_short_a_drawn_text_may_be() -> None:
    assert is_random(KEY[:12])
    assert not is_random(KEY[:11])
    assert is_random(KEY[:8], 8)
    assert not is_random(KEY[:7], 8)
    assert is_key(KEY[:14])
    assert not is_key(KEY[:13])
    assert is_key(KEY[:12], 12)
    assert not is_key(KEY[:11], 12)


def test_how_long_a_key_may_be() -> None:
    long = drawn(random.Random(1), "abcdefghijklmnopqrstuvwxyz23456789", 4_001)
    assert is_key(long[:4_000])
    assert not is_key(long)
    assert is_random(long[:200] + "a word " * 500)
    assert not is_random("some word or other " * 11 + long)


def test_how_many_different_characters_it_needs() -> None:
    low = "qz" * 2 + "qz" * 2 + "xj" * 2 + "kwvf"  # 4, 4, 2, 2, 1, 1, 1, 1 of 16: 2.75 bits
    assert entropy(low) == 2.75
    assert is_random(low)
    assert not is_random("qz" * 5 + "xjkwvf")
    assert not is_random("1234567890123456")


def test_how_many_of_its_neighbours_must_be_unusual() -> None:
    for unusual, is_one in ((0, False), (38, False), (39, False), (40, True), (80, True)):  # of 100 pairs
        mixed_up = "".join(a + b for a, b in zip("qwrtzpsdfghjklxcvbnm" * 3, "23456789" * 8, strict=False))
        text = f"{mixed_up[:unusual]}{'en' * 60}"[:101]
        assert is_random(text) is is_one, unusual


def test_how_many_pairs_of_neighbours_it_needs() -> None:
    assert is_random("q1w2e3r4t-5-6-7-")
    assert not is_random("q1w2e3r4-5-6-7-8")
    assert is_random("q1w2e3-4-5-6-7-")
    assert not is_random("q1w2e3-4-5-6-7-8")
    assert not is_random("q1w2e-4-5-6-7--")


def test_pairs_of_digits_say_nothing() -> None:
    assert not is_random("1234-5678-9012-ab3")
    assert is_random("q1w2e3-45678901")
    assert not is_random("q1w-4567890123456")


PASSWORDS = {
    "ab12c!": True, "ab12c": False, "x1" * 100: False, "aB3!" * 50: True, "aB3!" * 50 + "a": False, "tiger7": True,
    "tigers": False, "tiger!": True, "tiger_x": False, "tiger-x.y:z": False, "ab 12c!": False, "ab\t12c!": False,
    "ab\x0012c": False, "123456": False, "734951": False, "a34951": True, "!!!!????": False, "xxxx12": False,
    "aab1bb": False,
    "abc1bb": True, "example1": False, "Changeme1": False, "<tiger7>": False, "{tiger7}": False, "$TIGER7": False,
    "%tiger7%": False, "[tiger7]": False, "your_pw1": False, "neo4j1": True, "/etc/pass1": False, "C:\\dir\\x1": False,
    "http://a1": False, "a.b1.c2": False, "dir/file1.txt": False, "[a-z]+1x": False, "\\d+abc1": False,
    "qzWkPfxJ": True, "qzwkpfxj": False, "qzwkpfxjvq": True, "tigerLion": False,
}  # fmt: skip


@pytest.mark.parametrize(("text", "is_one"), PASSWORDS.items(), ids=PASSWORDS)
def test_what_may_be_a_password(text: str, is_one: bool) -> None:
    assert is_password(text) is is_one


@pytest.mark.parametrize("text", ["tigers", "tiger_x", "letters"])
def test_where_one_certainly_stands_letters_will_do(text: str) -> None:
    assert is_password(text, sure=True)
    assert not is_password(text)


@pytest.mark.parametrize(
    "text", ["tiger", "734951", "password", "letmein", "tiger lion", "$TIGER", "/etc/tiger", "a.b.c.d"]
)
def test_even_there_not_every_text_is_one(text: str) -> None:
    assert not is_password(text, sure=True)


@pytest.mark.parametrize("text", EVERYDAY.split())
def test_an_everyday_word_is_none(text: str) -> None:
    assert is_password(text.upper(), sure=True) is text.endswith(("123", "12"))


STRONG = {
    "tiger7": False, "tiger7!": True, "tiger!!": False, "tiger_7": False, "qzWkPfxJ12": True, "tiger-lion-7": False,
    "qzWkPfxJv": False, "qzWkPfxJvB": True, "734951!": False, "ab!12": False, "t.i.g.e.r!7": True,
}  # fmt: skip


@pytest.mark.parametrize(("text", "is_one"), STRONG.items(), ids=STRONG)
def test_what_nobody_writes_but_as_a_password(text: str, is_one: bool) -> None:
    assert is_strong(text) is is_one


HEX = hexadecimal(random.Random(2))
KEYS = {
    KEY: True, f"{KEY} ": False, f"{KEY[:9]}\n{KEY[9:]}": False, f"{KEY}\0": False, HEX: True, HEX[:16]: True,
    f"sha256:{HEX}": False,
    f"md5-{HEX}": False, f"arn:aws:iam::1:{KEY}": False, f"https://x/{KEY}": False, f"~/data/{KEY}": True,
    "~/data/some_words/file.txt": False, "some_words_of_a_name": False, "SOME_WORDS_OF_A_NAME": False,
    "module.function.another": False, f"<{KEY}>": False, f"{{{KEY}}}": False, f"your{KEY}": False, f"{KEY}xxxx": False,
    "aaaaaaaaaaaabbbb": False, "1234567890123456": False, "0123456789abcdefg": False, "11111111111111ab": False,
    "qW7zK2fX9p.L4mR8tV3b": True, "qW7zK2fX9p.L4mR8tV3": False, "~/q7Wz2Kf9Xp4Lm8": True, "~/q7Wz2Kf9Xp4Lm": False,
    "[^abc]xq7Wz2Kf9Xp4": False, "2024-01-01T00:00:00": False,
}  # fmt: skip


@pytest.mark.parametrize(("text", "is_one"), KEYS.items(), ids=KEYS)
def test_what_may_be_a_key(text: str, is_one: bool) -> None:
    assert is_key(text) is is_one


def test_what_is_to_be_filled_in() -> None:
    for text in (
        "your-key",
        "aaa",
        "abab",
        "abcabc",
        "<key>",
        "[key]",
        "${KEY}",
        "$KEY",
        "%KEY%",
        "{key}",
        "xxxx",
        "***",
    ):
        assert is_placeholder(text), text
    for text in ("abcd", KEY, "tiger7", "x" * 3 + "abc"):
        assert not is_placeholder(text), text
    assert not is_placeholder(KEY * 7 + "your")  # the first 200 characters are looked at


UUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
NAMED = {
    ("password", "tiger7"): "password holds a text",
    ("password", "tigers"): "",
    ("pw", "peak_width_2"): "",
    ("db_password", "peak_width_2"): "db_password holds a text",
    ("smiles_key", "BSYNRYMUTXBXSQ-UHFFFAOYSA-N"): "",
    ("smiles_key", "BSYNRYMUTXBXSQ-UHFFFAOYSA-2"): "smiles_key holds a text that looks random",
    ("secret", "tiger7"): "",
    ("secret", "tiger7!"): "secret holds a text",
    ("secret", HEX): "secret holds a text",
    ("api_key", "tiger7!"): "",
    ("api_key", KEY[:14]): "api_key holds a text that looks random",
    ("api_key", KEY[:13]): "",
    ("api_key", UUID): "api_key holds a text that looks random",
    ("password", UUID): "password holds a text",
    ("token", UUID): "",
    ("token", KEY[:16]): "token holds a text that looks random",
    ("token", KEY[:15]): "",
    ("rows", KEY): "",
    ("a" * 31 + "_password", "tiger7"): "a" * 31 + "_password holds a text",
    ("a" * 32 + "_password", "tiger7"): "a" * 32 + "_pass... holds a text",
}


@pytest.mark.parametrize(("name", "text", "why"), [(n, t, w) for (n, t), w in NAMED.items()])
def test_why_a_text_counts(name: str, text: str, why: str) -> None:
    assert named(text, name) == why


def test_drawn_texts_are_and_words_are_not() -> None:
    draw = random.Random(8)
    assert all(is_key(mixed(draw)) for _ in range(200))
    assert named("letters", "password", sure=True) == "password holds a text"
