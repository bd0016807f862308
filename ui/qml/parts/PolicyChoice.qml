// What the calls of an account need.
import QtQuick

Choice {
    label: qsTr("Encryption of its calls")
    options: [
        { value: "prefer", text: qsTr("Whenever possible") },
        { value: "require", text: qsTr("Always: nothing is sent or heard without") },
        { value: "require_auth", text: qsTr("Always, and the other end proves itself") }
    ]
}
