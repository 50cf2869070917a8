"""The shop's name and logo, from the settings to the sidebar and the report."""

import io

from PIL import Image
from streamlit.testing.v1 import AppTest

from churnkit.services.workspace.brand import Brand, load_brand, save_brand
from churnkit.store import Store

SETTINGS = "pages/settings.py"


def logo() -> bytes:
    made = io.BytesIO()
    Image.new("RGBA", (60, 20), (200, 30, 30, 255)).save(made, "PNG")
    return made.getvalue()


def test_a_name_is_kept(empty_app: AppTest, store: Store) -> None:
    app = empty_app.run()
    app.switch_page(SETTINGS).run()
    app.text_input(key="brand_name").set_value("Tea *& Cups*")
    app.button(key="save_brand").click().run()
    assert not app.exception and not app.error
    assert load_brand(store) == Brand("Tea *& Cups*")


def test_the_name_stands_in_the_sidebar(empty_app: AppTest, store: Store) -> None:
    save_brand(store, Brand("Tea *& Cups*", logo()))
    # Shown as it is: what it holds of Markdown has no effect.
    assert empty_app.run().sidebar.markdown[0].value == r"**Tea \*\& Cups\***"


def test_what_is_no_picture_changes_nothing(empty_app: AppTest, store: Store) -> None:
    save_brand(store, Brand("Tea", logo()))
    app = empty_app.run()
    app.switch_page(SETTINGS).run()
    app.file_uploader(key="brand_logo").set_value(("logo.png", b"<svg onload='x'/>", "image/png"))
    app.button(key="save_brand").click().run()
    assert "must be a picture that can be drawn" in app.error[0].value
    assert load_brand(store) == Brand("Tea", logo())
    app.checkbox(key="brand_without_logo").check()
    app.button(key="save_brand").click().run()
    assert load_brand(store) == Brand("Tea")
