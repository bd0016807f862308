// What the calls of an account, or with somebody, need.
import QtQuick

Choice {
    // whether it may be left to the account
    property bool inherited: false

    label: qsTr("Encryption of its calls")
    options: [
        ...(inherited ? [{ value: "", text: qsTr("As the account") }] : []),
        { value: "prefer", text: qsTr("Whenever possible") },
        { value: "require", text: qsTr("Always: nothing is sent or heard without") },
        { value: "require_auth", text: qsTr("Always, and the other end proves itself") }
    ]
}
