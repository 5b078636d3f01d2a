# ruff: noqa: E501
"""Texts that look a little like secrets and are none: hashes, ids, placeholders, words, paths, pictures."""

from __future__ import annotations

from .secret_makers import Place, at, shown, stream

HARMLESS: dict[str, Place] = {
    "empty default": at('import os\nkey = os.getenv("API_KEY", "")'),
    "none": at('api_key = None\npassword = ""'),
    "changeme": at('password = "changeme"'),
    "your key": at('api_key = "<your key>"', 'token="YOUR_API_KEY_HERE"'),
    "xxx": at('api_key = "xxxxxxxxxxxxxxxxxxxx"'),
    "stars": at('password = "********"'),
    "dots": at('token = "..."'),
    "env": at('import os\napi_key = os.environ["MY_API_KEY_2024"]'),
    "fstring url": at('user="u"; pw="p"; host="h"\nurl = f"postgresql://{user}:{pw}@{host}/db"'),
    "sha256": at('sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"'),
    "md5": at('checksum = "d41d8cd98f00b204e9800998ecf8427e"'),
    "commit": at('revision = "3ca8b12f0e9d8c7b6a5f4e3d2c1b0a9f8e7d6c5b"'),
    "uuid": at('run_id = "550e8400-e29b-41d4-a716-446655440000"'),
    "colours": at('palette = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728"]'),
    "file id": at("file_id = '1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms'"),
    "open by key": at(
        "class G:\n    def open_by_key(self, k):\n        return k\nx = G().open_by_key('1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms')"
    ),
    "model": at('model = "meta-llama/Llama-2-7b-chat-hf"\nt = "sentence-transformers/all-MiniLM-L6-v2"'),
    "dna": at('sequence = "ACGTACGTTAGCCGATCGATCGGATCCATTAGC"'),
    "protein": at('protein = "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQAPILSRVGDGTQDNLSGAEKAVQ"'),
    "words": at('text = "the password is forgotten"\nhint = "Enter your password: "'),
    "paths": at(
        'p = "/home/ann/keys/readme.txt"\ntoken_file = "~/.config/token.json"\npassword_file="secrets/db_password.txt"'
    ),
    "key path": at('private_key = "~/.ssh/id_rsa"', 'credentials = "credentials/service_account_v2.json"'),
    "image": at(
        "n=1",
        outputs=(
            shown(
                image_png="iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
            ),
        ),
    ),
    "image in html": at(
        "n=1",
        outputs=(
            shown(
                text_html='<img src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==">'
            ),
        ),
    ),
    "url": at('url = "https://example.org/data/2024/houses.csv?city=Rome&year=2024&format=csv"'),
    "long url": at(
        'u="https://docs.google.com/spreadsheets/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/edit#gid=0"'
    ),
    "password_length": at('password_length = 12\npassword_length_column = "pwlen12"'),
    "columns": at(
        'columns = ["password", "token", "api_key", "secret_key"]\nd = {"password": "str", "token": "object", "user": "string"}'
    ),
    "regex": at(
        'import re\npassword = r"^(?=.*[A-Za-z])(?=.*\\d)[A-Za-z\\d]{8,}$"\ntoken_pattern = r"(?u)\\b\\w\\w+\\b"'
    ),
    "regex2": at('pattern = r"(?:password|token)=([^&\\s]+)"\nkey=r"[A-Z0-9]{20}"'),
    "special tokens": at('pad_token = "[PAD]"\neos_token="<|endoftext|>"\nbos_token = "<s>"\ntoken = "\u2581the"'),
    "token of words": at('tokens = ["understanding", "representation", "characterization"]\ntoken = "ing"'),
    "key names": at('key = "customer_id_2024"\nprimary_key = "order_line_id_v2"\nsort_key="created_at_1"'),
    "sklearn": at('u = "https://x.org/sk-learn-tutorial-with-many-words-2"'),
    "local db": at("u = 'postgresql://postgres:postgres@localhost/x'\npassword = 'postgres'"),
    "mail": at('contact = "ann@firm.org"\nm="mailto:ann@firm.org"'),
    "git ssh": at("!git clone git@github.com:ann/repo.git"),
    "pip": at("!pip install -q --index-url https://download.pytorch.org/whl/cu118 torch==2.1.0+cu118"),
    "getpass": at(
        'from getpass import getpass\nm = "password = getpass()"\n# api_key = getpass("Key 1: ")\n# token = os.environ["X_TOKEN_12"]'
    ),
    "comment code": at('# api_key = config.get_key(section="prod_1")\n# password = settings.db_password1\nn=1'),
    "userdata": at(
        'class U:\n    def get(self, k):\n        return k\nuserdata=U()\napi_key = userdata.get("OPENAI_API_KEY_2")'
    ),
    "date": at('when = "2024-01-01T00:00:00.000000Z"\nsignature = "2024-01-01T00:00:00.000000Z"'),
    "hex under key": at('key = 0xDEADBEEF\nseed = "0x9E3779B97F4A7C15"'),
    "code in prose": at(
        "#md Set `api_key=YOUR_API_KEY` and `password: <password>`. The token: see docs.\n\nkey: value", "n=1"
    ),
    "prose2": at(
        "#md The secret: preprocessing everything consistently. Key: hyperparameters. Password: required for login2",
        "n=1",
    ),
    "kernel metadata": at(
        "n=1",
        notebook={
            "kernelspec": {"name": "python3"},
            "language_info": {"version": "3.11.7"},
            "colab": {
                "provenance": [{"file_id": "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms", "timestamp": 1660000000000}]
            },
            "accelerator": "GPU",
        },
    ),
    "cell metadata": at(
        "n=1",
        metadata={
            "id": "aZ3kQ9Xw2LmP",
            "outputId": "4f3c2b1a-9d8e-4c7b-a6f5-e4d3c2b1a098",
            "colab": {"base_uri": "https://localhost:8080/", "height": 204},
        },
    ),
    "output": at(
        "n=1",
        outputs=(
            stream(
                "epoch 1: loss=0.3342 token=the key=value\nBest key: n_estimators\nmodel hash: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b\n"
            ),
        ),
    ),
    "html": at(
        "n=1",
        outputs=(
            shown(
                text_html='<div id="df-7b3f1a2c-9e8d-4c5b-a1f2-3e4d5c6b7a89"><button class="colab-df-convert" onclick="convertToInteractive(\'df-7b3f1a2c-9e8d-4c5b-a1f2-3e4d5c6b7a89\')"></div>'
            ),
        ),
    ),
    "film in html": at(
        "n=1",
        outputs=(
            shown(
                text_html='<video><source src="data:video/mp4;base64,AAAAHGZ0eXBNNFYgAAACAGlzb21pc28y\nS0Bzc3evqwvwzvMFeG9dgPfW5q11ac2QAIuKisJleUYJSOESaf1o\nEAAh8vUcACkpKVi1ahWqq6sVbStbsWIFVqxYAQAYP348pk2b5lK9eXl56rft0gVDoqIwxNZ2Awci\nomtXRLhST==\n"></video>'
            ),
        ),
    ),
    "picture by a script": at(
        "n=1",
        outputs=(
            shown(
                application_javascript='frames[0] = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA\\\nAAAAwMYgAAIAAADYGARAAAAAABuDAAgAAGB+EAABAAAAbAwCIAAAAICNQQAEAAAAsDEIgAAAAAA2\\\nBgEQAAAAwMYg\\\n"\n'
            ),
        ),
    ),
    "picture in prose": at(
        "#md ![a picture](data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA+EAABAAAAbAwCIAAAAICNQQAEAAAAsDEIgAAAAAA2BgEQAAAAwMYgAAIAAADYGARAAAAAABuDAAgAAGBjEAABAAAAbAwC)",
        "n=1",
    ),
    "a library for browsers": at(
        "n=1",
        outputs=(
            shown(
                application_javascript="!function(e){"
                + "n.a=function(e,t){return e.metaKey=e.metaKey||e.ctrlKey,e(t)};" * 30
                + 'n.DEFAULT_TOKEN="eyJzZXNzaW9uX2lkIjogImRlZmF1bHQifQ";let h=0}(1);\n'
            ),
        ),
    ),
    "a notebook's own sum": at(
        "n=1",
        notebook={"signature": "sha256:60efb1a2f4e1815d3e1a54160adf3184ab956d9a4487c226bde9b22aa2728f94"},
    ),
    "a sum of a page": at('signature = "sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC"'),
    "a resource's name": at(
        'kms_key = "arn:aws:kms:us-west-2:521695447989:key/6e9984db-50cf-4c7e-926c-877ec47a8b25"',
        notebook={
            "papermill": {
                "parameters": {"api_key": "arn:aws-cn:secretsmanager:us-west-2:521695447989:secret:q7Zt2LmX9vKc4Rb"}
            }
        },
    ),
    "lorem": at('text = "Lorem ipsum dolor sit amet, consectetur adipiscing elit"'),
    "hashes dict": at(
        'hashes = {"train.csv": "9f86d081884c7d659a2feaa0c55ad015", "test.csv": "0b822cd15d6c15b0f00a089f86d08188"}'
    ),
    "product key": at('row = {"product_key": "SKU-2024-00017-BLUE", "customer_key": "C-1234567"}'),
    "cookie": at('cookies = {"lang": "en"}\nsession = "morning_2"'),
    "author": at('author = "q7Zt2LmX9vKc4RbY8nWs3HdJ"\nauthors = ["A", "B"]'),
    "monkey": at('monkey = "q7Zt2LmX9vKc4RbY8nWs3HdJ"\nkeyboard = "q7Zt2LmX9vKc4RbY8nWs3HdJ"'),
    "public key": at('public_key = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7"'),
    "BEGIN words": at(
        "#md A key begins with -----BEGIN PRIVATE KEY----- and ends with -----END PRIVATE KEY-----", "n=1"
    ),
    "certificate": at(
        'cert = """-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n-----END CERTIFICATE-----"""'
    ),
    "translation": at('labels = {"username": "Benutzername", "password": "Passwort", "token": "Zeichen"}'),
    "signature fn": at('signature = "f(x: int, y: int) -> float"\nsig = "two-sided"'),
    "auth tuple": at('auth = ("basic", "digest")\ncreds = ("user", "password")'),
    "widget": at(
        "n=1",
        outputs=(
            shown(
                **{
                    "application_vnd.jupyter.widget-view+json": {
                        "model_id": "9f86d081884c7d659a2feaa0c55ad015",
                        "version_major": 2,
                    }
                }
            ),
        ),
    ),
    "things by their id": at(
        'import uuid\nu = uuid.UUID("3f9a8c1e7b2d4f60a5c8e9d1b7f2a346")',
        "class Dataset:\n    def __init__(self, *given, **named):\n        pass\nd = Dataset('1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms')\nc = Dataset(revision='3ca8b12f0e9d8c7b6a5f4e3d2c1b0a9f8e7d6c5b')",
    ),
    "keys of tables": at(
        "def read(*given, **named):\n    return 1\nn = read('a.h5', key='table_2024_v3')\nm = read(Bucket='b', Key='raw/2024/3f9a8c1e7b2d4f60a5c8e9d1b7f2a346.parquet')"
    ),
    "places to connect to": at(
        "def connect(*given):\n    return 1\na = connect('data_2024.db')\nb = connect('db-01.eu-west-1.firm.net', 'reader_1', '')\nc = connect('dbname=%(db)s&x=1')"
    ),
    "addresses of databases": at(
        "def connect(*given, **named):\n    return 1\n"
        "a = connect('file:/data/2024/sales.db?mode=ro', uri=True)\nb = connect('shop.db?v=2')\n"
        "c = connect('md:sales2024?saas_mode=true')\nd = connect('sales-2024!.ddb')\ne = connect('broker-1.local?x=1', 1883)"
    ),
    "clients": at(
        "class Client:\n    def __init__(self, *given):\n        pass\na = Client('tcp://10.0.0.1:8786')\nb = Client('scheduler-1:8786')\nc = Client('my-project-12345')"
    ),
    "molecules": at(
        "class Mol:\n    def __init__(self, text):\n        pass\nm = Mol('CN1C=NC2=C1C(=O)N(C(=O)N2C)C3=CC=CC=C3')"
    ),
    "names of secrets": at('secret = "prod/db-credentials"\nsecret_name = "my-secret-v2"\nSECRET_KEY = "dev"'),
    "a hash under key": at('d = {"key": "3f9a8c1e7b2d4f60a5c8e9d1b7f2a346", "size": 3}'),
    "rules of passwords": at(
        "# password rules: at least 8 characters, one digit\n# the password column: user_password_2\n# pw (pairwise) distances: see below\nn = 1"
    ),
    "commands that log in": at(
        "!true login --tenant 550e8400-e29b-41d4-a716-446655440000",
        "!true run -p 8080:80 -p 127.0.0.1:5000:5000 nginx:1.21",
    ),
    "titles": at(
        "class Title:\n    def __init__(self, text):\n        pass\nt = Title('Revenue by region 2024 & forecast (EUR)')"
    ),
    "messages": at(
        "def new(*given):\n    return 1\nclass hmac:\n    new = new\nn = hmac.new(b'k', b'message text 1!', 'sha256')"
    ),
    "tables without users": at(
        "import pandas as pd\nt = 'password,strength\\nkzde5577,1\\nvisi7k1yr,1\\n'\n"
        "d = pd.DataFrame([['ann', '2024-01-31x']], columns=['user', 'token_count'])",
        outputs=(stream("     password  strength\n0    kzde5577         1\n1   visi7k1yr         1\n"),),
    ),
    "tables of users": at(
        't = """user,password_length,token\nann,12,hello\n"""',
        outputs=(
            stream("  user  password\n0  ann       NaN\n\nname of user1: x\n"),
            shown(text_html="<table><tr><th>user</th><th>tokens</th></tr><tr><td>ann</td><td>1024</td></tr></table>"),
        ),
    ),
    "forms to be filled in": at(
        "#md ```\npodman login -u <user> -p <password> cp.stg.icr2.io/cp/cpd/\n```\nand `curl -H <api_key> x9.firm.net/Zq7`",
        "!true login -u <user> -p <password> cp4.stg.icr2.io/cp/cpd/",
    ),
    "what holds other things": at(
        "tokens = []\ntokens.append('hello_world_2')\ntokens.extend(['good', 'morning'])\nkeys = dict(a='first1')\n"
        "groups = {}\ngroups['r2d2'] = 'abc123x'\npass_rates = {}\npass_rates['ann2024'] = 'abc123x'"
    ),
}
