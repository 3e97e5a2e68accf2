"""Pictures for the README, made from demo data: ``python -m tests.browser.screenshots FOLDER``."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests import demo as demos
from tests.browser.conftest import ARGUMENTS, DESKTOP, PHONE, serve

VILLAGE = "73.02.01.2004"


def shoot(browser: Browser, address: str, account: dict[str, str], path: str, to: Path, size: dict[str, int], full: bool = False) -> None:
    """One page as one person sees it."""
    context = browser.new_context(viewport=size, locale="id-ID", device_scale_factor=1.5)
    page = context.new_page()
    page.goto(f"{address}/masuk")
    page.get_by_label("Nama pengguna atau kode desa").fill(account["login"])
    page.get_by_label("Kata sandi").fill(account["password"])
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.goto(address + path)
    page.screenshot(path=to, full_page=full)
    context.close()


def main(folder: Path) -> None:
    """All pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        installation = demos.make(Path(home))
        accounts = {each["login"]: each for each in installation.accounts}
        paper = Path(home) / "naskah.pdf"
        assert installation.sinergi("print", "perjanjian_desa", "--village", VILLAGE, "-o", str(paper)).returncode == 0
        subprocess.run(["pdftoppm", "-r", "80", "-png", "-f", "1", "-l", "1", "-singlefile", str(paper), str(folder / "naskah")], check=True)
        for address in serve(installation, {}):
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
                shoot(browser, address, accounts["legal"], "/", folder / "beranda.png", DESKTOP)
                shoot(browser, address, accounts["legal"], f"/perjanjian/{VILLAGE}-2026", folder / "perjanjian.png", DESKTOP)
                shoot(browser, address, accounts[VILLAGE], "/rumah", folder / "rumah-desa.png", PHONE)
                browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
