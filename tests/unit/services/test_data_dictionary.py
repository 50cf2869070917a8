"""The data dictionary leaves out nothing that the code makes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from churnkit.cli import main
from churnkit.services.analyse import run_folder
from churnkit.services.deliver.dictionary.data_dictionary import PARTS, data_dictionary
from churnkit.services.deliver.dictionary.words import CANONICAL, COLUMNS, FILES, TABLES


@pytest.fixture(scope="module")
def entries():
    return data_dictionary()


def test_everything_has_a_meaning(entries):
    without = entries[entries["meaning"].str.strip() == ""]
    assert without["name"].tolist() == [], "say it in services/deliver/dictionary/words.py"
    assert list(dict.fromkeys(entries["part"])) == list(PARTS)
    assert not entries.duplicated(["part", "name"]).any()


def test_nothing_is_described_that_is_not_there(entries):
    names = set(entries.loc[entries["part"] == "table", "name"])
    assert set(TABLES) <= names
    assert set(COLUMNS) <= {name.partition(".")[2] for name in names}


def test_files_of_a_run_are_all_in_it():
    told = set(re.findall(r"``([a-z_]+\.(?:parquet|json))``", run_folder.__doc__ or ""))
    assert told == set(FILES)


def test_columns_of_transactions_are_those_of_the_design(transactions_columns):
    assert transactions_columns <= set(CANONICAL)


@pytest.fixture
def transactions_columns(tmp_path: Path) -> set[str]:
    import pyarrow.parquet as pq

    file = tmp_path / "orders.csv"
    rows = "".join(
        f"C{n % 7},O{n},2025-{1 + n % 12:02d}-05,P{n % 3},Tea,Hot,2,4.00,8.00,0.50\n" for n in range(60)
    )
    file.write_text(
        "Customer ID,Order,Date,SKU,Product,Category,Quantity,Unit price,Line total,Discount\n" + rows,
        encoding="utf-8",
    )
    answers = tmp_path / "answers.json"
    answers.write_text('{"accept": ["rows_kept", "money_kept", "one_customer"]}', encoding="utf-8")
    assert main(["read", str(file), "--answers", str(answers), "--output", str(tmp_path / "out")]) == 0
    return set(pq.read_schema(tmp_path / "out" / "transactions.parquet").names)


def test_features_of_one_analysis_are_those_named():
    found = data_dictionary(["recency_days", "spend_60d"])
    features = found[found["part"] == "feature"]
    assert features["name"].tolist() == ["recency_days", "spend_60d"]
    assert "Money spent in the last 60 days" in features["meaning"].iloc[1]


def test_the_command_writes_a_table_and_a_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["dictionary", "--output", str(tmp_path / "new")]) == 0
    assert "dictionary.csv" in capsys.readouterr().out
    assert (
        (tmp_path / "new" / "dictionary.csv")
        .read_text(encoding="utf-8")
        .startswith("part,name,kind,unit,meaning\n")
    )
    text = (tmp_path / "new" / "dictionary.md").read_text(encoding="utf-8")
    assert "| `predictions.p_churn` |" in text
    assert "| `orders_Nd` |" in text
