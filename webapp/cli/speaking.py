"""Commands whose help and complaints are Indonesian; Click itself speaks English."""

from __future__ import annotations

import click

WORDS = {"[default:": "[bawaan:", "[required]": "[wajib]", " TEXT": " TEKS", " INTEGER": " BILANGAN", " PATH": " JALUR"}


def _translated(text: str) -> str:
    for english, indonesian in WORDS.items():
        text = text.replace(english, indonesian)
    return text


class _Indonesian:
    """Headings and the help option of a command."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Pemakaian: …"""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)).replace("[OPTIONS]", "[OPSI]"), prefix="Pemakaian: ")  # type: ignore[attr-defined]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, and below them the commands of a group."""
        options = [each for each in self.get_params(ctx) if isinstance(each, click.Option)]  # type: ignore[attr-defined]
        records = [record for each in options if (record := each.get_help_record(ctx))]
        with formatter.section("Opsi"):
            formatter.write_dl([(_translated(name), _translated(text)) for name, text in records])
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """``--help`` in our words."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "Tampilkan bantuan ini."
        return option


class Command(_Indonesian, click.Command):
    """A command."""


class Group(_Indonesian, click.Group):
    """A group of commands."""

    command_class = Command
    group_class = type

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The line of a group in our words."""
        return ["[OPSI]", "PERINTAH [ISIAN]..."]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with their first sentence."""
        found = [(name, each) for name in self.list_commands(ctx) if (each := self.get_command(ctx, name)) and not each.hidden]
        if found:
            with formatter.section("Perintah"):
                formatter.write_dl([(name, (each.help or "").split("\n")[0].split(". ")[0]) for name, each in found])


def complaint(error: click.UsageError) -> str:
    """What was wrong with a command line, in one sentence, and where to look."""
    path = error.ctx.command_path if error.ctx else "sinergi"
    return f"{_what(error)} Lihat: {path} --help"


def _what(error: click.UsageError) -> str:
    if isinstance(error, click.MissingParameter):
        return f"{_name(error)} belum disebutkan."
    if isinstance(error, click.NoSuchOption):
        return f"Opsi {error.option_name} tidak dikenal."
    if isinstance(error, click.BadParameter):
        return f"Nilai {_name(error)} tidak sesuai."
    if "No such command" in error.message:
        return "Perintah itu tidak dikenal."
    return "Perintah ini tidak lengkap atau berlebih."


def _name(error: click.BadParameter) -> str:
    param = error.param
    if param is None:
        return "isian"
    return param.opts[0] if isinstance(param, click.Option) else str(param.metavar or param.name)
