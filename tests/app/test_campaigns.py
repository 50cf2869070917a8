"""The campaigns and readout pages: plan, freeze, send, read out, and what the next plan starts from."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from churnkit.campaigns import TREATMENT
from churnkit.jobs import Platform
from churnkit.services.campaign.campaign_plans import open_campaign
from churnkit.services.decide.contact_lists import add_to_list
from churnkit.store import Store
from churnkit.text.figures import count, percent

PLAN, READOUT = "pages/campaigns.py", "pages/readout.py"


def opened(app: AppTest, page: str) -> AppTest:
    app.run()
    app.switch_page(page).run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    parts = [*app.text, *app.markdown, *app.caption, *app.warning, *app.success, *app.error]
    return plain("\n".join(str(part.value) for part in parts))


def plain(text: str) -> str:
    """Text as it reads once Markdown has dropped the backslashes."""
    return text.replace("\\", "")


def card(app: AppTest, label: str) -> str:
    (found,) = [metric.value for metric in app.metric if metric.label == label]
    return found


def freeze(app: AppTest, name: str = "Winter") -> AppTest:
    app.text_input(key="campaign_name").set_value(name).run()
    app.button(key="campaign_keep").click().run()
    assert not app.exception
    assert not app.error
    return app


def all_in(app: AppTest) -> AppTest:
    """Everybody who is there, whether it pays or not: as large a campaign as the shop has."""
    app.toggle(key="campaign_pays").set_value(False).run()
    app.number_input(key="campaign_size").set_value(app.number_input(key="campaign_size").max).run()
    return app


def size(app: AppTest, customers: int) -> AppTest:
    app.number_input(key="campaign_size").set_value(customers).run()
    return app


def results(plan, lift: float, seed: int = 1) -> bytes:
    """A file of results in which the contact brings ``lift`` more buyers in 1."""
    rng = np.random.default_rng(seed)
    treated = (plan.members["arm"] == TREATMENT).to_numpy()
    bought = rng.random(len(treated)) < 0.3 + lift * treated
    frame = pd.DataFrame(
        {
            "customer_id": plan.members["customer_id"],
            "converted": bought.astype(int),
            "revenue": np.where(bought, rng.gamma(3, 20, len(treated)).round(2), 0.0),
        }
    )
    return frame.to_csv(index=False).encode()


@pytest.mark.parametrize("page", [PLAN, READOUT])
def test_empty_workspace(empty_app: AppTest, page: str) -> None:
    app = opened(empty_app, page)
    assert not app.error
    assert "Nothing to look at yet" in texts(app) or "No campaign yet" in texts(app)


@pytest.mark.slow
def test_plan_shows_arms_promise_and_what_can_be_seen(full_app: AppTest) -> None:
    app = opened(full_app, PLAN)
    size(app, 40)
    assert card(app, "Contacted") == "34"
    assert "6 left out for comparison" in texts(app)
    assert card(app, "Net in a year")
    assert "of such campaigns show it" in texts(app)
    assert "say nothing about consent" in texts(app)
    app.slider(key="campaign_holdout").set_value(50).run()
    assert card(app, "Contacted") == "20"
    app.slider(key="campaign_holdout").set_value(0).run()
    assert "cannot be measured" in texts(app)
    assert card(app, "Will it show?") == "Cannot be seen"
    assert app.button(key="campaign_keep").disabled


@pytest.mark.slow
def test_sizes_that_the_text_names_are_one_click_away(full_app: AppTest) -> None:
    app = opened(full_app, PLAN)
    labels = {str(one.key): one.label for one in app.button if str(one.key).startswith("size_")}
    assert {"size_recommended", "size_strongest"} <= set(labels)
    for key, label in labels.items():
        app.button(key=key).click().run()
        assert not app.exception
        assert count(app.number_input(key="campaign_size").value) == label.rsplit(" ", 1)[1], key
        if key == "size_half":
            assert app.slider(key="campaign_holdout").value == 50
            app.slider(key="campaign_holdout").set_value(15).run()


@pytest.mark.slow
def test_it_begins_with_a_size_that_can_be_read_out_or_says_that_none_can(full_app: AppTest) -> None:
    app = opened(full_app, PLAN)
    began = app.number_input(key="campaign_size").value
    recommended = next(b.label for b in app.button if b.key == "size_recommended")
    assert card(app, "Will it show?") == "Yes" or (
        count(began) in recommended and "This cannot be measured" in texts(app)
    )


@pytest.mark.slow
def test_rules_leave_out_with_reasons(full_app: AppTest) -> None:
    app = opened(full_app, PLAN)
    first = app.dataframe[0].value["customer_id"].iloc[0]
    app.text_area(key="campaign_refused").set_value(f"{first}\n nobody \n").run()
    assert first not in set(app.dataframe[0].value["customer_id"])
    assert "on the list of those not to contact" in texts(app)
    app.number_input(key="campaign_floor").set_value(1e12).run()
    assert "nobody is left" in plain(app.error[0].value)
    assert not app.exception


@pytest.mark.slow
def test_damaged_campaign_is_told_and_the_other_is_shown(full_app: AppTest, store: Store) -> None:
    app = all_in(opened(full_app, PLAN))
    freeze(app)
    (whole,) = store.campaigns.all()
    members, excluded = (
        store.campaigns.members(whole.campaign_id),
        store.campaigns.exclusions(whole.campaign_id),
    )
    facts = {**whole.facts, "promise": {**whole.facts["promise"], "mood": "good"}}
    torn = store.campaigns.freeze(
        whole.session_id,
        "Torn",
        run_id=whole.run_id,
        facts=facts,
        members=members,
        excluded=excluded,
        created_at=datetime.now(UTC),
    )
    app.run()
    assert card(app, "Contacted") == count(len(open_campaign(store, whole.campaign_id).treated))
    app.selectbox(key="campaign_chosen").set_value(torn.campaign_id).run()
    assert not app.exception
    (error,) = app.error
    assert "Reading the campaign 'Torn': it is damaged. nobody knows mood" in plain(error.value)
    assert not app.metric
    app.switch_page(READOUT).run()
    app.selectbox(key="readout_chosen").set_value(torn.campaign_id).run()
    assert "Reading the campaign 'Torn'" in plain(app.error[0].value)
    app.selectbox(key="readout_chosen").set_value(whole.campaign_id).run()
    assert not app.exception and not app.error
    app.switch_page(PLAN).run()
    app.session_state["campaign_tab"] = "Your campaigns"
    app.run()
    app.selectbox(key="campaign_chosen").set_value(torn.campaign_id).run()
    app.button(key="campaign_delete").click().run()
    assert not app.exception and not app.error
    assert [kept.name for kept in store.campaigns.all()] == ["Winter"]


@pytest.mark.slow
def test_list_is_planned_frozen_sent_read_out_and_ended(full_app: AppTest, store: Store) -> None:
    app = all_in(opened(full_app, PLAN))
    freeze(app)
    (kept,) = store.campaigns.all()
    assert (kept.name, kept.status) == ("Winter", "planned")
    assert app.selectbox(key="campaign_chosen").value == kept.campaign_id
    plan = open_campaign(store, kept.campaign_id)
    assert card(app, "Contacted") == count(len(plan.treated))
    # The draw of this session's seed rounds up or down.
    held_out = 0.15 * len(plan.members)
    assert len(plan.held_out) in (math.floor(held_out), math.ceil(held_out))
    # Ids of this shop are numbers: a mailing tool cannot take them.
    app.selectbox(key="export_format").set_value("klaviyo").run()
    assert "Klaviyo: it needs an e-mail address" in plain(app.error[0].value)
    app.selectbox(key="export_format").set_value("braze").run()
    assert not app.error
    app.date_input(key="campaign_sent").set_value(date(2026, 3, 2)).run()
    app.button(key="campaign_start").click().run()
    assert store.campaigns.get(kept.campaign_id).status == "running"
    app.button(key="campaign_read").click().run()
    assert not app.exception
    assert app.title[0].value == "Did it work?"
    # AppTest itself does not follow a page that the app has changed.
    app.session_state["expert"] = True
    app.switch_page(READOUT).run()

    app.segmented_control(key="readout_from").set_value("a file of results").run()
    app.file_uploader(key="readout_file").set_value(("results.csv", results(plan, 0.6), "text/csv")).run()
    app.button(key="readout_go").click().run()
    assert not app.exception
    assert not app.error
    (look,) = store.readouts.of_campaign(kept.campaign_id)
    assert look.source == "results.csv"
    assert look.figures["grade"] == "worked"
    assert "kept customers" in texts(app)
    assert card(app, "Success rate") == percent(look.figures["save_rate"]["rate"]["value"])

    app.button(key="uplift_go").click().run()
    assert not app.exception
    # The way back: the next plan stands at the rate that was measured.
    app.button(key="readout_to_plan").click().run()
    assert not app.exception
    app.switch_page("pages/whatif.py").run()
    measured = look.figures["save_rate"]["rate"]["value"]
    assert app.slider(key="plan_save_rate").value == round(100 * min(measured, 1.0))
    app.session_state["campaign_tab"] = "New campaign"
    app.query_params.pop("campaign_tab", None)
    app.switch_page(PLAN).run()
    assert "was measured by the campaign" in texts(app)
    measured = look.figures["save_rate"]["rate"]["value"]
    assert app.number_input(key="campaign_rate").value == pytest.approx(100 * min(measured, 1.0), abs=0.06)
    # Everybody is in the campaign that still runs.
    assert "still running" in plain(app.error[0].value)
    store.campaigns.end(kept.campaign_id)
    app.run()
    assert not app.error
    app.session_state["campaign_tab"] = "Your campaigns"
    app.run()
    app.button(key="campaign_delete").click().run()
    assert store.campaigns.all() == []
    assert not app.exception


@pytest.mark.slow
def test_lost_customers_block_the_readout(full_app: AppTest, store: Store) -> None:
    app = all_in(opened(full_app, PLAN))
    app.slider(key="campaign_holdout").set_value(50).run()
    freeze(app)
    (kept,) = store.campaigns.all()
    plan = open_campaign(store, kept.campaign_id)
    few = replace(plan, members=pd.concat([plan.held_out, plan.treated.head(len(plan.treated) // 4)]))
    app.switch_page(READOUT).run()
    app.segmented_control(key="readout_from").set_value("a file of results").run()
    app.file_uploader(key="readout_file").set_value(("r.csv", results(few, 0.6), "text/csv")).run()
    app.button(key="readout_go").click().run()
    assert "cannot be chance" in plain(app.error[0].value)
    assert store.readouts.of_campaign(kept.campaign_id) == []


@pytest.mark.slow
def test_later_orders_are_read_from_an_analysis(full_app: AppTest, platform: Platform, store: Store) -> None:
    (session,) = store.sessions.all()
    app = all_in(opened(full_app, PLAN))
    freeze(app)
    (kept,) = store.campaigns.all()
    plan = open_campaign(store, kept.campaign_id)
    # As if it had gone out one horizon ago, so that the orders at hand are its results.
    store.campaigns.start(
        kept.campaign_id, plan.settings.scored_at.date() - timedelta(days=plan.settings.horizon_days)
    )
    app.switch_page(READOUT).run()
    assert app.selectbox(key="readout_orders").value == session.session_id
    app.button(key="readout_go").click().run()
    assert not app.exception
    assert not app.error
    (look,) = store.readouts.of_campaign(kept.campaign_id)
    assert look.is_complete
    assert look.figures["revenue"]["adjusted"] is not None


@pytest.mark.slow
def test_only_a_list_is_planned(full_app: AppTest, store: Store) -> None:
    (session,) = store.sessions.all()
    full_app.session_state["expert"] = True
    app = opened(full_app, PLAN)
    ids = app.dataframe[0].value["customer_id"].tolist()[:7]
    add_to_list(store, session.session_id, "By hand", ids)
    app.run()
    app.toggle(key="campaign_pays").set_value(False).run()
    app.selectbox(key="campaign_whom").set_value("List: By hand").run()
    assert sorted(app.dataframe[0].value["customer_id"]) == sorted(ids)


@pytest.mark.slow
def test_any_experiment(full_app: AppTest) -> None:
    full_app.session_state["expert"] = True
    app = opened(full_app, READOUT)
    app.session_state["readout_tab"] = "Any experiment"
    app.run()
    rng = np.random.default_rng(5)
    taste = rng.normal(size=900)
    mailed = rng.random(900) < 0.5
    frame = pd.DataFrame(
        {
            "mail": np.where(mailed, "yes", "no"),
            "taste": taste.round(3),
            "shop": rng.choice(["web", "till"], 900),
            "spend": (5 + 4 * (taste > 0) * mailed + rng.normal(0, 1, 900)).round(2),
        }
    )

    def give(table: pd.DataFrame) -> None:
        app.file_uploader(key="experiment_file").set_value(
            ("e.csv", table.to_csv(index=False).encode(), "text/csv")
        ).run()
        for key, value in [
            ("experiment_arm", "mail"),
            ("experiment_value", "yes"),
            ("experiment_base", "no"),
            ("experiment_outcome", "spend"),
        ]:
            app.selectbox(key=key).set_value(value).run()
        app.button(key="experiment_go").click().run()
        assert not app.exception

    give(frame)
    assert not app.error
    assert "The ranking beats a random one" in texts(app)
    chosen = taste + rng.normal(size=900) > 0
    give(frame.assign(mail=np.where(chosen, "yes", "no")))
    assert "must have been drawn at random" in plain(app.error[0].value)
    assert "have a partner who was not" in texts(app)


@pytest.mark.slow
def test_several_offers_at_once(full_app: AppTest) -> None:
    app = opened(full_app, READOUT)
    app.session_state["readout_tab"] = "Several offers"
    app.run()
    arms = np.repeat(["nothing", "<b>day 10</b>", "day 20"], 200)
    place = np.tile(np.arange(200), 3)
    bought = place < np.repeat([30, 80, 40], 200)
    frame = pd.DataFrame({"arm": arms, "bought": bought.astype(int), "day": np.where(bought, place % 25, "")})
    app.file_uploader(key="offers_file").set_value(
        ("o.csv", frame.to_csv(index=False).encode(), "text/csv")
    ).run()
    for key, value in [
        ("offers_arm", "arm"),
        ("offers_base", "nothing"),
        ("offers_outcome", "bought"),
        ("offers_days", "day"),
    ]:
        app.selectbox(key=key).set_value(value).run()
    app.number_input(key="offers_cost_0").set_value(2.0).run()
    assert not app.exception and not app.error
    assert "More bought with" in texts(app) and "differ in when customers buy" in texts(app)
    table = app.dataframe[0].value.set_index("offer")
    assert table["bought"].to_dict() == {"nothing": 30, "<b>day 10</b>": 80, "day 20": 40}
    # 200 at 2 each, and 50 who would not have bought without.
    assert table.loc["<b>day 10</b>", "cost_extra"] == pytest.approx(8.0)
    assert len(app.dataframe[1].value) > 3
    app.number_input(key="offers_followed_days").set_value(5.0).run()
    assert "nobody can have bought after the 5 days" in plain(app.error[0].value)
