"""Commands for devices, codecs and recording."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any, get_args

from phone.cli.asking import ask, show
from phone.cli.grammar import add_call, add_command, add_group
from phone.control import words
from phone.control.contract import EchoMode, Role


def _devices(args: argparse.Namespace) -> int:
    answer = ask(args, "devices.list")
    return show(args, answer, words.sound(answer))


def _use_device(args: argparse.Namespace) -> int:
    answer = ask(args, "devices.choose", role=args.role, name=args.name)
    return show(args, answer, words.sound(answer))


def _volume(args: argparse.Namespace) -> int:
    answer = ask(args, "devices.volume", role=args.role, percent=args.percent)
    return show(args, answer, words.sound(answer))


def _cancel_echo(args: argparse.Namespace) -> int:
    answer = ask(args, "devices.cancel_echo", mode=args.mode)
    return show(args, answer, words.sound(answer))


def _even_out(args: argparse.Namespace) -> int:
    answer = ask(args, "devices.even_out", on=args.switch == "on")
    return show(args, answer, words.sound(answer))


def _try_device(args: argparse.Namespace) -> int:
    ask(args, "devices.try", role=args.role)
    return 0


def _codecs(args: argparse.Namespace) -> int:
    answer = ask(args, "codecs.list")
    return show(args, answer, "\n".join(answer))


def _set_codecs(args: argparse.Namespace) -> int:
    answer = ask(args, "codecs.set", names=args.names)
    return show(args, answer, "\n".join(answer))


def _record(args: argparse.Namespace) -> int:
    file = args.to or Path(time.strftime("call-%Y%m%d-%H%M%S.wav"))
    answer = ask(
        args, "call.record", call=args.call, file=str(file.absolute()) if args.do == "start" else None
    )
    return show(args, answer, words.call(answer))


def _announce_recording(args: argparse.Namespace) -> int:
    answer = ask(args, "recording.announce", announce=args.switch == "on")
    told = "From the next call on, other phones are told that it may be recorded."
    return show(args, answer, told if answer else "Other phones are told nothing of recording.")


def add(commands: Any) -> None:
    """Add them."""
    devices = add_group(commands, "devices", "microphone, speaker and ringer")
    add_command(devices, "list", _devices, "what is there, what is chosen, and how loud it is")
    use = add_command(devices, "use", _use_device, "choose a device, for now and later")
    use.add_argument("role", choices=get_args(Role))
    use.add_argument("name", nargs="?", metavar="NAME", help="or a part of it; default: follow the system")
    volume = add_command(devices, "volume", _volume, "louder or quieter")
    volume.add_argument("role", choices=("microphone", "speaker"))
    volume.add_argument("percent", type=int, metavar="PERCENT", help="100: as it comes")
    about = "take the loudspeaker's sound, and noise, out of the microphone's, for now and later"
    echo = add_command(devices, "cancel-echo", _cancel_echo, about)
    echo.add_argument("mode", choices=get_args(EchoMode), help="auto: unless a headset makes it needless")
    about = "make a microphone that is far away as loud as others are, for now and later"
    even_out = add_command(devices, "even-out", _even_out, about)
    even_out.add_argument("switch", choices=("on", "off"))
    trial = add_command(devices, "try", _try_device, "play a short sound")
    trial.add_argument("role", nargs="?", choices=("speaker", "ringer"), default="speaker")
    codecs = add_group(commands, "codecs", "what sound is packed with")
    add_command(codecs, "list", _codecs, "what calls offer, best first")
    choose = add_command(codecs, "set", _set_codecs, "offer these from the next call on, best first")
    choose.add_argument("names", nargs="*", metavar="CODEC", help="default: as Parley comes")
    record = add_command(commands, "record", _record, "write both sides of a call to a WAV file")
    add_call(record)
    record.add_argument("do", choices=("start", "stop"))
    record.add_argument("--to", type=Path, metavar="WAV", help="a new file; default: named after the time")
    announce = add_command(
        commands, "announce-recording", _announce_recording, "tell other phones that calls may be recorded"
    )
    announce.add_argument("switch", choices=("on", "off"))
