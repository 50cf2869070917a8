"""What scored the customers, how it did on the shop's own past, and what it looks at."""

import streamlit as st

from churnkit import ui
from churnkit.charts import model_charts as charts
from churnkit.services.decide.model_views import (
    backtest_view,
    champion_members,
    deciles_at,
    leaderboard_view,
    past_dates,
    versions_view,
)
from churnkit.text.figures import count, day, days, escape_markdown, instant, money, percent, ratio, score
from churnkit.tournament.names import model_label

TABS = ("Leaderboard", "How well it did", "Past dates", "What it looks at", "Rules", "Model card", "Versions")
SHOWN_FEATURES = 12
VERSIONS_A_PAGE = 10

opened = ui.open_results()
results, currency = opened.results, opened.currency
evidence, missing = results.evidence, results.evidence["missing"]
horizon = days(results.horizon_days)


def lacks(key: str) -> bool:
    """Whether a part of the evidence is not there; then says why."""
    if evidence[key]:
        return False
    ui.note(missing.get(key) or "This analysis has nothing to say here.")
    return True


def test_window() -> str:
    """The window that everything out of time is measured on."""
    return f"the {horizon} from {day(evidence['test_cutoff'])}"


def leaderboard() -> None:
    """Who competed, by what figures, and why the champion won."""
    st.subheader(evidence["champion_title"], anchor=False, help=ui.term("champion"))
    members = champion_members(results)
    words = f"{evidence['champion_words']}."
    if members:
        words += f" Its members: {', '.join(members)}."
    st.write(escape_markdown(words[:1].upper() + words[1:], 500))
    table = leaderboard_view(results)
    if table.empty:
        st.write("No model competed here, so there is no leaderboard.")
        for sentence in results.summary.notes:
            ui.note(sentence)
        return
    number = st.column_config.NumberColumn
    st.dataframe(
        table,
        hide_index=True,
        key="leaderboard",
        alt="Models and simple rules, champion first",
        column_config={
            "name": st.column_config.TextColumn("Name", pinned=True, help="★ is the champion"),
            "kind": st.column_config.TextColumn("Kind", help=ui.term("baseline")),
            "score": number(
                "Score",
                format="%.3f",
                help="Weighted mean of F1, recall, profit share and stability. Only who beats every simple rule in log"
                " loss may win; scores within chance of each other are ties, and the lower log loss wins.",
            ),
            "f1": number("F1", format="%.3f", help=ui.term("f1")),
            "f1_everybody": number(
                "F1 of everybody",
                format="%.3f",
                help="F1 of calling every customer a leaver: the bar for F1.",
            ),
            "recall": number("Recall", format="%.3f", help=ui.term("recall")),
            "precision": number("Precision", format="%.3f", help=ui.term("precision")),
            "roc_auc": number("ROC-AUC", format="%.3f", help=ui.term("auc")),
            "log_loss": number("Log loss", format="%.4f", help=ui.term("log_loss")),
            "ece": number("ECE", format="%.3f", help=ui.term("ece")),
            "lift_at_20": number(
                "Lift, top 20 %", format="%.2f", help="Of the riskiest fifth: " + ui.term("lift")
            ),
            "profit_share": number(
                "Profit share",
                format="%.2f",
                help="Profit of its campaign over that of knowing the leavers beforehand.",
            ),
            "test_roc_auc": number(
                "Test ROC-AUC",
                format="%.3f",
                help="On the last window, which no choice has seen. " + ui.term("auc"),
            ),
            "test_log_loss": number(
                "Test log loss", format="%.4f", help="On the last window. " + ui.term("log_loss")
            ),
            "test_ece": number("Test ECE", format="%.3f", help="On the last window. " + ui.term("ece")),
            "verdict": st.column_config.TextColumn("Verdict", width="large"),
            "about": st.column_config.TextColumn("What it does", width="large"),
        },
    )
    st.caption(
        "Figures without “test” are from validation dates, by which the champion was chosen. Champion and simple rules were"
        f" then tested once, on {test_window()}; the others were not."
        if evidence["test_cutoff"]
        else "Figures are from validation dates, by which the champion was chosen."
    )
    ui.definitions("champion", "baseline", "f1", "auc", "log_loss", "ece", "precision", "recall", "lift")


def performance() -> None:
    """The test window: ranking, calibration, calls, money."""
    if lacks("roc"):
        return
    st.caption(f"All of this is {test_window()}, forecast with what was known before it.")
    found, curve = evidence["calibration"], evidence["confusion"]
    left, right = st.columns(2)
    with left, st.container(border=True):
        st.subheader("Ranking", help=ui.term("auc"), anchor=False)
        opened.chart(charts.roc, evidence["roc"], alt="ROC curve of champion and simple rules", key="roc")
    with right, st.container(border=True):
        st.subheader("Precision and recall", help=ui.term("precision"), anchor=False)
        opened.chart(
            charts.precision_recall,
            evidence["precision_recall"],
            (evidence["model_card"]["test"] or {}).get("churn_rate"),
            alt="Precision against recall of champion and simple rules",
            key="precision_recall",
        )
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch"):
        st.subheader("Calibration", help=ui.term("ece"), anchor=False)
        opened.chart(
            charts.calibration,
            found,
            alt=f"Share who left against probability given, in {found['bin_count']} groups; ECE {score(found['ece'])}",
            key="calibration",
        )
        st.caption(
            f"Expected calibration error {percent(found['ece'])} over {count(found['bin_count'])} groups of equal size."
        )
    with right, st.container(border=True, height="stretch"):
        st.subheader("Right and wrong calls", anchor=False)
        opened.chart(charts.confusion, curve, alt=" ".join(curve["words"]), key="confusion")
        for sentence in curve["words"]:
            st.markdown(f"- {escape_markdown(sentence, 400)}")
        st.caption(
            f"Called are customers at {percent(curve['threshold'])} and above: as many as were expected to leave on the"
            " validation dates."
        )
    with st.container(border=True):
        profit = evidence["profit"]
        st.subheader("Profit by reach", anchor=False)
        opened.chart(
            charts.profit,
            profit,
            currency or "amount",
            alt="What contacting the first so many customers would have earned, by order of contact",
            key="profit",
        )
        st.caption(
            f"At {escape_markdown(money(profit['contact_cost'], currency))} a contact and a success rate of"
            f" {percent(profit['save_rate'])}; a saved customer is worth the usual spend of {horizon}. Everybody contacted:"
            f" {escape_markdown(money(profit['everybody'], currency))}."
        )


def backtest() -> None:
    """Every past date: forecast against what came."""
    if lacks("backtest"):
        return
    rows = evidence["backtest"]
    st.caption(ui.term("backtest"))
    with st.container(border=True):
        st.subheader("The level", anchor=False)
        opened.chart(charts.past_rates, rows, alt=charts.alt_of_rates(rows), key="past_rates")
    dates = past_dates(results)
    with st.container(border=True):
        st.subheader("Tenth by tenth", anchor=False)
        chosen = st.selectbox("Date of the forecast", dates, format_func=day, key="past_date", width=240)
        ui.chart(
            charts.deciles(deciles_at(results, chosen)),
            "Leavers forecast and leavers that came, by tenth of the customers",
            key="deciles",
        )
    number = st.column_config.NumberColumn
    st.dataframe(
        backtest_view(results),
        hide_index=True,
        key="backtest_table",
        alt="Past dates: forecast and outcome",
        column_config={
            "cutoff": st.column_config.TextColumn("Date", pinned=True),
            "customers": number("Customers", format="localized"),
            "roc_auc": number("ROC-AUC", format="%.3f", help=ui.term("auc")),
            "log_loss": number("Log loss", format="%.4f", help=ui.term("log_loss")),
            "log_loss_of_base_rate": number(
                "Log loss, everybody alike",
                format="%.4f",
                help="Giving everybody the rate that came: knows the level only.",
            ),
            "ece": number("ECE", format="%.3f", help=ui.term("ece")),
            "expected_churn_rate": number("Forecast to leave", format="percent"),
            "actual_churn_rate": number("Left", format="percent"),
            "expected_spend": number("Forecast spend", format="accounting"),
            "actual_spend": number("Spend", format="accounting"),
            "contacted": number(
                "Contacted",
                format="localized",
                help="Customers whose expected gain exceeded the cost, decided then.",
            ),
            "profit_chosen": number("Profit, chosen", format="accounting"),
            "profit_random": number("Profit, random", format="accounting", help="As many, at random."),
            "profit_recency": number(
                "Profit, longest silent", format="accounting", help="As many, longest silent."
            ),
            "profit_everybody": number("Profit, everybody", format="accounting"),
        },
    )


def behaviour() -> None:
    """SHAP, dependence, partial dependence, permutation."""
    st.caption(
        "How the champion uses what it knows. It explains the model, not the world: only an experiment shows causes."
    )
    with st.container(border=True):
        st.subheader("Pushes by customer", help=ui.term("shap"), anchor=False)
        found = evidence["shap_summary"]
        if found["features"]:
            opened.chart(
                charts.shap_summary, found, alt="Push of each feature by customer", key="shap_summary"
            )
        else:
            st.write("Everybody gets the same probability.")
    with st.container(border=True):
        st.subheader("Size of the pushes", anchor=False)
        rows = evidence["importance"][:SHOWN_FEATURES]
        opened.chart(charts.importance, rows, alt="Features by mean push", key="importance")
        st.caption("Red: higher values go with leaving; blue: with staying; grey: no one direction.")
    one_feature()
    with st.container(border=True):
        st.subheader(
            "What each is worth on new data",
            help="Each feature is shuffled among the customers of the last window; the more the forecast suffers, the more"
            " it was needed. Features that say the same stand in for each other.",
            anchor=False,
        )
        if not lacks("permutation"):
            rows = evidence["permutation"][:SHOWN_FEATURES]
            opened.chart(
                charts.permutation, rows, alt="Features by permutation importance", key="permutation"
            )


def one_feature() -> None:
    """One feature in detail."""
    points = {one["feature"]: one for one in evidence["dependence"]}
    curves = {one["feature"]: one for one in evidence["partial_dependence"]}
    labels = {name: one["label"] for name, one in [*curves.items(), *points.items()]}
    if not labels:
        return
    with st.container(border=True):
        st.subheader("One feature", anchor=False)
        name = st.selectbox(
            "Feature", list(labels), format_func=labels.__getitem__, key="one_feature", width=420
        )
        left, right = st.columns(2)
        with left:
            st.markdown("**Its push, customer by customer**")
            if name in points:
                ui.chart(
                    charts.dependence(points[name]), f"Push of {labels[name]} by its value", key="dependence"
                )
        with right:
            st.markdown(
                "**If everybody had the same value**",
                help="Partial dependence: the mean probability when only this feature is set to one value for all. Mixes in"
                " customers who cannot exist where features hang together.",
            )
            if name in curves:
                ui.chart(
                    charts.partial_dependence(curves[name]),
                    f"Mean churn probability by {labels[name]}",
                    key="partial_dependence",
                )
            else:
                ui.note("What scores the customers does not read this feature directly.")


def rules() -> None:
    """IF-THEN rules, measured out of time."""
    if lacks("rules"):
        return
    st.caption(
        f"Learned on earlier windows, measured on {test_window()}, which they had not seen. They describe; the champion"
        " scores."
    )
    populations = list(dict.fromkeys(rule["population"] for rule in evidence["rules"]))
    for population in populations:
        st.subheader(f"Among {population}", anchor=False)
        for rule in [rule for rule in evidence["rules"] if rule["population"] == population]:
            with st.container(border=True):
                st.markdown(f"**{escape_markdown(rule['words'], 500)}**")
                with st.grid(4, min_column_width=130, gap="small"):
                    st.metric(
                        "Left", percent(rule["precision"]), help="Of those who met it, in the last window."
                    )
                    st.metric("Left, of all", percent(rule["base_rate"]))
                    st.metric("Times as often", ratio(rule["lift"] or None), help=ui.term("lift"))
                    st.metric(
                        "Met by",
                        count(rule["customers"]),
                        help=f"{percent(rule['coverage'])} of them.",
                    )


def card() -> None:
    """The model card."""
    found = evidence["model_card"]
    st.subheader(found["label"], anchor=False)
    if found["meaning"]:
        st.write(escape_markdown(found["meaning"].capitalize() + ".", 300))
    lines = {
        "Question": found["question"],
        "Population": found["population"],
        "Data": found["data"],
        "Training": found["training"],
        "Level": found["level"],
        "Meant for": found["intended_use"],
    }
    for name, text in lines.items():
        if text:
            st.markdown(f"**{name}** – {escape_markdown(text, 600)}")
    left, right = st.columns(2)
    with left:
        st.markdown("**Not meant for**")
        for sentence in found["not_for"]:
            st.markdown(f"- {escape_markdown(sentence, 400)}")
        if found["limits"]:
            st.markdown("**Limits**")
            for sentence in found["limits"]:
                st.markdown(f"- {escape_markdown(sentence, 600)}")
    with right:
        st.markdown(f"**{count(found['features'])} features**")
        for group, number in found["feature_groups"].items():
            st.markdown(f"- {escape_markdown(group)}: {count(number)}")
        with st.expander("Seed and versions"):
            st.json({"seed": found["seed"], **found["versions"]})


def versions() -> None:
    """Earlier versions of this analysis, and the way back to one."""
    platform = opened.workspace.platform
    runs = platform.runs(opened.store, opened.session.session_id)
    pages = -(-len(runs) // VERSIONS_A_PAGE)
    page = st.pagination(pages, key="versions_page") if pages > 1 else 1
    shown = runs[(page - 1) * VERSIONS_A_PAGE : page * VERSIONS_A_PAGE]
    st.caption("Every analysis of this file is kept. The one marked ● is on screen everywhere.")
    number = st.column_config.NumberColumn
    st.dataframe(
        versions_view(shown, opened.session.run_id),
        hide_index=True,
        key="versions_table",
        alt="Versions of this analysis",
        column_config={
            "on_screen": st.column_config.TextColumn("", width=30),
            "made": st.column_config.DatetimeColumn("Made (UTC)", format="D MMM YYYY, HH:mm"),
            "champion": "Champion",
            "threshold_days": number("Threshold, days", help=ui.term("threshold")),
            "customers": number("Customers", format="localized"),
            "mean_p_churn": number("Expected to leave", format="percent"),
            "test_roc_auc": number("Test ROC-AUC", format="%.3f", help=ui.term("auc")),
            "test_log_loss": number("Test log loss", format="%.4f", help=ui.term("log_loss")),
            "test_ece": number("Test ECE", format="%.3f", help=ui.term("ece")),
        },
    )
    others = [run for run in shown if run.run_id != opened.session.run_id]
    if not opened.mine:
        ui.note("Only its owner can put another version on screen.")
    elif not others:
        ui.note("There is one version so far. Another threshold on the upload page makes another one.")
    for run in others if opened.mine else []:
        newer = run.finished_at > next(r.finished_at for r in runs if r.run_id == opened.session.run_id)
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.text(
                f"{model_label(run.champion)}, {days(run.horizon_days)}, made {instant(run.finished_at)} UTC"
            )
            if st.button(
                "Promote" if newer else "Roll back to this",
                key=f"promote_{run.run_id}",
                icon=":material/publish:" if newer else ":material/undo:",
            ):
                with ui.guarded():
                    platform.promote(opened.store, opened.session.session_id, run.run_id)
                    st.rerun()


ui.title(
    "Models",
    f"What scores the customers, how it did on this shop's own past, and what it looks at. Churn here: no purchase within"
    f" {horizon}.",
)
DRAW = (leaderboard, performance, backtest, behaviour, rules, card, versions)
for tab, draw in zip(st.tabs(TABS, key="models_tab", on_change="rerun"), DRAW, strict=True):
    if tab.open:
        with tab:
            draw()
