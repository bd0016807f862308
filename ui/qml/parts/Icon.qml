// One of the glyphs of ui/pictures.py.
import QtQuick

Picture {
    required property string glyph
    required property color ink

    path: glyph !== "" ? glyph + "/" + hex(ink) : ""
}
