"""``people``: who may sign in; for whoever runs the server, while it does not run."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from churnkit.accounts import ROLES, SYSTEM
from churnkit.config import data_dir, models_dir
from churnkit.text.figures import instant

if TYPE_CHECKING:
    from churnkit.store import Store


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Enter the command."""
    parser = commands.add_parser(
        "people", help="list, invite or let back in who may sign in, while the server does not run"
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="everybody with workspaces, roles and last use")
    listing.set_defaults(run=_list)
    adding = actions.add_parser("add", help="make a link by which somebody joins, valid for 72 hours")
    adding.add_argument("email", metavar="EMAIL")
    adding.add_argument("--role", choices=list(ROLES), default="viewer", help="viewer unless given")
    adding.add_argument(
        "--workspace", metavar="NAME", help="needed where there are several; a first one is made"
    )
    adding.add_argument("--no-export", action="store_true", help="a viewer who takes no files out")
    adding.set_defaults(run=_add)
    resetting = actions.add_parser("reset", help="make a link for a new password, valid for an hour")
    resetting.add_argument("email", metavar="EMAIL")
    resetting.set_defaults(run=_reset)
    for name, allowed, what in (
        ("disable", False, "let somebody in no more"),
        ("enable", True, "let them in again"),
    ):
        changing = actions.add_parser(name, help=what)
        changing.add_argument("email", metavar="EMAIL")
        changing.set_defaults(run=_let_in, allowed=allowed)
    for each in (adding, resetting):
        each.add_argument(
            "--url", default="", metavar="URL", help="the server's address, to print the whole link"
        )


def _list(options: argparse.Namespace) -> int:
    from churnkit.services.access.operator import everybody

    with _store() as root:
        known = everybody(root)
    for one in known:
        roles = ", ".join(f"{each.role} in {each.workspace}" for each in one.memberships) or "no workspace"
        seen = f"last used {instant(one.seen_at)} UTC" if one.seen_at else "not signed in"
        state = "disabled" if one.person.disabled_at else seen
        print(f"{one.person.email} ({one.person.name or 'no name'}): {roles}; {state}")
    if not known:
        print("Nobody may sign in yet.")
    return 0


def _add(options: argparse.Namespace) -> int:
    from churnkit.services.access.operator import invite_to, without_administrator

    with _store() as root:
        new = invite_to(root, options.email, options.role, not options.no_export, options.workspace)
        lacking = [] if options.role == "administrator" else without_administrator(root)
    print(
        f"{new.record.email} joins as {new.record.role} by this link, once, until {instant(new.record.expires_at)} UTC:"
    )
    print(f"{options.url.rstrip('/')}/account/invite/{new.token}")
    for name in lacking:
        print(f"{name} has no administrator yet: invite one with --role administrator.")
    return 0


def _reset(options: argparse.Namespace) -> int:
    from churnkit.services.access.operator import reset_of

    with _store() as root:
        token = reset_of(root, options.email)
    print("A new password is set by this link, once, within an hour; every sign-in ends with it:")
    print(f"{options.url.rstrip('/')}/account/reset/{token}")
    return 0


def _let_in(options: argparse.Namespace) -> int:
    from churnkit.services.access.operator import let_in

    with _store() as root:
        let_in(root, options.email, options.allowed)
    print(f"{options.email} may {'sign in again' if options.allowed else 'sign in no more'}.")
    return 0


@contextmanager
def _store() -> Iterator[Store]:
    from churnkit.jobs.layout import Folders
    from churnkit.store import Store

    folders = Folders(data_dir().resolve(), models_dir().resolve())
    with Store.open(folders.database, actor=SYSTEM) as root:
        yield root
