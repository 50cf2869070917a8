"""``profile``: the state of the data and the churn threshold, without models."""

from __future__ import annotations

import argparse

from churnkit.commands.progress_line import progress_line, working_folder
from churnkit.commands.reading_options import add_reading_options, reading_of
from churnkit.commands.threshold_options import add_threshold_options, horizon_days, threshold_settings
from churnkit.config import AnalysisSettings


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Enter the command."""
    parser = commands.add_parser(
        "profile", help="judge the data and find the churn threshold, without models"
    )
    add_reading_options(parser)
    add_threshold_options(parser)
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from churnkit.services.deliver.command_files import write_profile
    from churnkit.services.look.first_look import profile_file

    reading = reading_of(options)
    settings = AnalysisSettings(horizon_days=horizon_days(options), threshold=threshold_settings(options))
    with working_folder(options.output) as workdir, progress_line() as progress:
        ingested, profile, _counted = profile_file(
            options.files, workdir, reading, settings, progress=progress
        )
        written = write_profile(ingested, profile, options.output)
    score = profile.score
    print(f"Read as {ingested.format_words}. {ingested.ledger.words()}")
    print(f"Quality {score.value} of {score.out_of}. {profile.threshold.reason}")
    print("Written: " + ", ".join(str(path) for path in written))
    return 0
