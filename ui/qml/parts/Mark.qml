// The shape of a level: told apart without colour.
import QtQuick
import ".."

Picture {
    required property string shape
    required property string tone

    size: Theme.large
    path: shape !== "" ? [shape, hex(Theme.ink(tone)), hex(Theme.tint(tone))].join("/") : ""
}
