"""``python -m churnkit read | analyze | profile | samples``."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from churnkit.config import (
    AnalysisSettings,
    IngestSettings,
    Money,
    ThresholdSettings,
    TournamentSettings,
)
from churnkit.errors import ChurnkitError, SettingsError
from churnkit.text import figures
from churnkit.tournament.progress import Progress, Stage, stage_words

if TYPE_CHECKING:
    import pandas as pd

    from churnkit.ingest import Reading
    from churnkit.services.analyse.analysis import Analysis

EXIT_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 on success, 2 after one message on standard error."""
    options = _parser().parse_args(arguments)
    # Ibis calls what DuckDB and pandas have renamed; nobody who runs a command can do anything about it.
    warnings.filterwarnings("ignore", message="fetch_arrow_table|The 'future.infer_string'")
    for stream in (sys.stdout, sys.stderr):
        # A console that cannot write a currency's sign or a narrow space shows a question mark.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        return int(options.run(options))
    except ChurnkitError as error:
        print(f"churnkit: {error.message}", file=sys.stderr)
        for line in _choices(error):
            print(f"          {line}", file=sys.stderr)
        if error.remedy:
            print(f"          {error.remedy}", file=sys.stderr)
        return EXIT_ERROR
    except OSError as error:
        print(f"churnkit: {error.strerror or error} ({error.filename or 'no file name'})", file=sys.stderr)
        return EXIT_ERROR


def _choices(error: ChurnkitError) -> Iterator[str]:
    """The choices of open questions, each with its answer as ``--answers`` takes it."""
    if error.code != "question":
        return
    from churnkit.services.look.asked import choice_words, question_title

    for question in getattr(error, "questions", ()):
        for choice in question.choices:
            words = choice_words(choice)
            answer = json.dumps(choice.answer, ensure_ascii=False)
            yield f"{question_title(question)}: {choice.label}{f' ({words})' if words else ''}  ->  {answer}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m churnkit", description="Who is about to leave a shop, what they are worth, and why."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    read = commands.add_parser("read", help="make clean transactions of an order export, or ask what is open")
    _add_file(read)
    read.set_defaults(run=_read)

    analyze = commands.add_parser("analyze", help="score every customer of an order export")
    _add_file(analyze)
    analyze.add_argument(
        "--horizon-days",
        default="auto",
        metavar="N|auto",
        help="days of silence that count as churn (default: auto)",
    )
    analyze.add_argument(
        "--budget-seconds", type=float, default=60.0, metavar="S", help="time for tuning (default: 60)"
    )
    analyze.add_argument(
        "--seed", type=int, default=42, metavar="N", help="same seed, same output (default: 42)"
    )
    analyze.add_argument(
        "--margin", type=float, default=1.0, help="margin on spend in clv, 0..1 (default: 1)"
    )
    analyze.add_argument(
        "--discount-rate", type=float, default=0.0, help="yearly discount rate of clv, 0..1 (default: 0)"
    )
    analyze.add_argument(
        "--smote",
        action="store_true",
        help="rebalance a minority below 20 %% with SMOTE instead of class weights",
    )
    _add_return_share(analyze)
    analyze.set_defaults(run=_analyze)

    profile = commands.add_parser(
        "profile", help="judge the data and find the churn threshold, without models"
    )
    _add_file(profile)
    profile.add_argument("--horizon-days", default="auto", metavar="N|auto")
    _add_return_share(profile)
    profile.set_defaults(run=_profile)

    samples = commands.add_parser("samples", help="write the three demo files")
    samples.add_argument("--output", type=Path, required=True, metavar="DIR")
    samples.add_argument("--seed", type=int, default=42, metavar="N")
    samples.set_defaults(run=_samples)
    return parser


def _add_return_share(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--max-return-share",
        type=float,
        default=0.20,
        metavar="S",
        help="the threshold is the shortest silence after which at most this share come back, 0..1 (default: 0.2)",
    )


def _add_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="CSV, TSV, Excel, Parquet, or a zip of them; several are one history",
    )
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="folder for the results")
    parser.add_argument("--map", type=Path, metavar="JSON", help="mapping file: field -> column")
    parser.add_argument(
        "--answers", type=Path, metavar="JSON", help="answers to questions; goes before the mapping file"
    )
    for option, field, meanings in (
        ("--status", "status", "counts or left_out"),
        ("--row-kind", "kind of row", "sale, return or left_out"),
    ):
        parser.add_argument(
            option,
            action="append",
            type=_meaning,
            default=[],
            metavar="VALUE=MEANING",
            help=f"what a {field} means: {meanings}; can be given several times",
        )
    parser.add_argument(
        "--preset",
        metavar="NAME",
        help="shop system the export comes from (default: detected); an unknown name lists all of them, and which no"
        " real file has proven yet",
    )
    parser.add_argument(
        "--as-of", metavar="DATE", help="analyse as if it were the first instant of this date"
    )
    parser.add_argument(
        "--sheet",
        metavar="NAME",
        help="sheet, or file of several; all:NAME for it and all others with its columns",
    )
    parser.add_argument("--encoding", metavar="NAME", help="text encoding (default: detected)")
    parser.add_argument("--delimiter", metavar="CHAR", help="column separator (default: detected)")
    parser.add_argument("--decimal", choices=(".", ","), help="decimal separator (default: detected)")
    order = parser.add_mutually_exclusive_group()
    order.add_argument(
        "--day-first", dest="day_first", action="store_true", default=None, help="01/02 is 1 February"
    )
    order.add_argument("--month-first", dest="day_first", action="store_false", help="01/02 is 2 January")
    parser.add_argument("--currency", metavar="CODE", help="analyse the rows of this currency only")
    parser.add_argument(
        "--returns",
        choices=("net", "ignore"),
        default="net",
        help="net returns against revenue or ignore them",
    )
    parser.add_argument(
        "--duplicates", choices=("drop", "keep"), default="drop", help="orders that stand in the file twice"
    )
    parser.add_argument(
        "--max-bytes",
        type=int,
        metavar="N",
        help="what the files may come to, all together (default: CHURNKIT_MAX_BYTES, else 200,000,000)",
    )


def _read(options: argparse.Namespace) -> int:
    from churnkit.ingest import ingest
    from churnkit.services.deliver.command_files import write_open_reading, write_reading
    from churnkit.services.look.reading_document import document_of_refusal

    files = [path.name for path in options.files]
    reading = _reading(options)
    options.output.mkdir(parents=True, exist_ok=True)
    try:
        with _workdir(options.output) as workdir:
            ingested = ingest(options.files, workdir, reading)
            written = write_reading(ingested, files, options.output)
    except ChurnkitError as error:
        document = document_of_refusal(error, options.files, reading, files)
        print(f"Written: {write_open_reading(document, options.output)}")
        raise
    seen = ingested.understood
    print(f"Read as {ingested.format_words}. {ingested.ledger.words()}")
    print(
        f"{figures.counted(seen.orders, 'order')} of {figures.counted(seen.customers, 'customer')} from"
        f" {figures.day(seen.first)} to {figures.day(seen.last)}: {figures.money(seen.revenue, ingested.currency)}."
    )
    for note in ingested.notes:
        print(f"  - {note}")
    print("Written: " + ", ".join(str(path) for path in written))
    return 0


def _analyze(options: argparse.Namespace) -> int:
    settings = AnalysisSettings(
        horizon_days=_horizon(options.horizon_days),
        threshold=ThresholdSettings(max_return_share=options.max_return_share),
        money=Money(margin=options.margin, annual_discount_rate=options.discount_rate),
        tournament=TournamentSettings(
            budget_seconds=options.budget_seconds,
            seed=options.seed,
            imbalance="smote" if options.smote else "class_weight",
        ),
    )
    # Numeric libraries read these when they are first imported, hence before the services.
    for name, value in (
        ("OMP_NUM_THREADS", "1"),
        ("OPENBLAS_NUM_THREADS", "1"),
        ("OMP_WAIT_POLICY", "PASSIVE"),
    ):
        os.environ.setdefault(name, value)
    from churnkit.services.analyse.analysis import analyze
    from churnkit.services.deliver.command_files import write_outputs

    reading = _reading(options)
    with _workdir(options.output) as workdir, _progress() as progress:
        analysis = analyze(options.files, workdir, reading, settings, progress=progress)
        written = write_outputs(analysis, options.output)
    _print_summary(analysis, written)
    return 0


def _profile(options: argparse.Namespace) -> int:
    from churnkit.services.deliver.command_files import write_profile
    from churnkit.services.look.first_look import profile_file

    reading = _reading(options)
    settings = AnalysisSettings(
        horizon_days=_horizon(options.horizon_days),
        threshold=ThresholdSettings(max_return_share=options.max_return_share),
    )
    with _workdir(options.output) as workdir, _progress() as progress:
        ingested, profile = profile_file(options.files, workdir, reading, settings, progress=progress)
        written = write_profile(ingested, profile, options.output)
    score = profile.score
    print(f"Read as {ingested.format_words}. {ingested.ledger.words()}")
    print(f"Quality {score.value} of {score.out_of}. {profile.threshold.reason}")
    print("Written: " + ", ".join(str(path) for path in written))
    return 0


def _samples(options: argparse.Namespace) -> int:
    from churnkit.samples import write_samples

    for path in write_samples(options.output, seed=options.seed):
        print(path)
    return 0


def _reading(options: argparse.Namespace) -> Reading:
    from churnkit.ingest import Reading, answered, read_answers

    settings = IngestSettings(
        sheet=options.sheet,
        encoding=options.encoding,
        delimiter=options.delimiter,
        decimal=options.decimal,
        day_first=options.day_first,
        currency=options.currency,
        returns=options.returns,
        duplicates=options.duplicates,
        **({} if options.max_bytes is None else {"max_bytes": options.max_bytes}),
    )
    reading = Reading(settings=settings, preset=options.preset, as_of=_as_of(options.as_of))
    said = {"statuses": dict(options.status), "row_kinds": dict(options.row_kind)}
    for source in (options.map, options.answers, said):
        if source:
            reading = answered(reading, read_answers(source))
    return reading


def _meaning(text: str) -> tuple[str, str]:
    """``pending=counts`` as a pair; a value may hold the sign itself."""
    value, sign, meaning = text.rpartition("=")
    if not sign or not value.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is no VALUE=MEANING")
    return value, meaning.strip()


def _as_of(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise SettingsError(
            f"Reading --as-of {text!r}: it is no date.", "Write it as 2026-03-31 or 2026-03-31T12:00."
        ) from None
    # Order times are the shop's own wall clock: an offset cannot be applied to them.
    return instant.replace(tzinfo=None)


def _horizon(text: str) -> int | None:
    if text == "auto":
        return None
    if not text.isdigit():
        raise SettingsError(
            f"Reading --horizon-days {text!r}: it must be a whole number of days, or auto.", "For example 90."
        )
    return int(text)


@contextmanager
def _workdir(output: Path) -> Iterator[Path]:
    """A folder for intermediate files inside the output folder; an output folder made in vain is removed again."""
    made = not output.exists()
    output.mkdir(parents=True, exist_ok=True)
    try:
        with TemporaryDirectory(dir=output, prefix=".working-") as folder:
            yield Path(folder)
    finally:
        if made and not any(output.iterdir()):
            output.rmdir()


@contextmanager
def _progress() -> Iterator[Progress]:
    """A progress line on standard error; silent where that is no terminal but for one line a stage."""
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _LineProgress()
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Bars(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=1.0)

        def report(
            stage: Stage,
            share: float,
            /,
            found: str = "",
            count: tuple[int, int] | None = None,
            model: str = "",
        ) -> None:
            bar.update(task, description=stage_words(stage, model), completed=share)

        yield report


class _LineProgress:
    def __init__(self) -> None:
        self.last = ""

    def __call__(
        self,
        stage: Stage,
        share: float,
        /,
        found: str = "",
        count: tuple[int, int] | None = None,
        model: str = "",
    ) -> None:
        words = stage_words(stage, model)
        if words != self.last:
            print(f"… {words}", file=sys.stderr, flush=True)
            self.last = words


def _print_summary(analysis: Analysis, written: Sequence[Path]) -> None:
    ingested, customers, plan = analysis.ingested, analysis.customers, analysis.plan
    print(f"Read as {ingested.format_words}. {ingested.ledger.words()}")
    print(
        "Returns and cancelled amounts are netted against revenue."
        if ingested.reading.settings.returns == "net"
        else "Returns and cancelled amounts are ignored."
    )
    for note in ingested.notes:
        print(f"  - {note}")
    active = customers[customers["status"] == "active"]
    print(
        f"Churn = no purchase in the {plan.horizon_days} days from {figures.day(plan.scoring)}."
        f" {figures.counted(len(active), 'active customer')}, {figures.percent(active['p_churn'].mean())} of them"
        f" expected to leave; {figures.count(len(customers) - len(active))} have lapsed."
    )
    if active["risk_tier"].isna().all():
        print("  Nothing in this shop's past proves the forecast: no tiers, no money at risk, no advice.")
    else:
        for tier in ("high", "medium", "low"):
            rows = active[active["risk_tier"] == tier]
            at_risk = figures.money(rows["value_at_risk"].sum(), ingested.currency)
            print(
                f"  {tier:<6} {figures.count(len(rows)):>8} active customers, at risk over a year {at_risk:>14}"
            )
    print(_money(analysis))
    if analysis.tournament is not None:
        champion = analysis.tournament.champion
        print(f"Champion: {champion['candidate']}. " + _proof(champion))
    for note in analysis.notes:
        print(f"  - {note}")
    print("Seconds: " + json.dumps({stage_words(stage): took for stage, took in analysis.seconds.items()}))
    print("Written: " + ", ".join(str(path) for path in written))


def _money(analysis: Analysis) -> str:
    """Last year beside the next one, and how such a forecast did at an earlier date."""
    from churnkit.results.found import Found
    from churnkit.services.analyse.summing_up import summarise

    summary = summarise(analysis)
    strip, year = summary.money, summary.value.year
    cash = partial(figures.money, currency=summary.file.currency)
    span = (
        "" if strip.forecast.low is None else f" ({cash(strip.forecast.low)} to {cash(strip.forecast.high)})"
    )
    words = (
        f"Last {figures.days(strip.days)}: {cash(strip.revenue.value)}, of it from customers active today"
        f" {cash(strip.revenue_active.value)}; their next 365 days: {cash(strip.forecast.value)}{span}."
    )
    tests = year.value.backtests if isinstance(year, Found) else ()
    for test in tests:
        words += (
            f"\n  The same forecast at {figures.day(test.cutoff)}, {figures.days(test.days)} ahead:"
            f" {cash(test.forecast)}, and {cash(test.actual)} came."
        )
    return words


def _proof(champion: pd.Series) -> str:
    auc = champion.get("test_roc_auc")
    if auc is None or auc != auc:
        return f"AUC {figures.score(champion['roc_auc'])} on validation customers; no later window to test it on."
    loss, ece = figures.score(champion["test_log_loss"], 4), figures.score(champion["test_ece"])
    expected, came = (figures.percent(champion[f"test_{name}"]) for name in ("mean_p_churn", "churn_rate"))
    return (
        "On the last complete window, untouched until then: AUC"
        f" {figures.score(champion['test_roc_auc_active'])} among active customers; of all {figures.score(auc)}, log loss"
        f" {loss}, ECE {ece};"
        f" {expected} expected to leave, {came} left."
    )
