// Makes the cards that come up in a call once, out of sight and bit by bit, when nobody waits for anything:
// the first of a kind takes four times as long as the next, and would hold the window up.
import QtQuick

Loader {
    property bool leisure: false
    property bool over: false

    visible: false
    active: leisure && !over
    asynchronous: true
    onLoaded: over = true
    sourceComponent: Item {
        id: stage

        readonly property var nobody: ({
            id: "", title: "", words: "", why: "", remedy: "", ritual: "", code: [{ text: "", below: "" }],
            spoken_code: "", sas_scheme: "", remote_uri: "", alarm: "", pending: "", level: "", missing: "",
            shape: "disc", tone: "", missed: false, way: "", when: "", lasted: ""
        })

        PastCall { row: stage.nobody }
        SasCard { call: stage.nobody }
        AlarmCard { call: stage.nobody }
    }
}
