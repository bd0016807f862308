// One call that has ended; pressing it calls again.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ".."

AbstractButton {
    id: past

    required property var row

    signal chosen

    Layout.fillWidth: true
    padding: Theme.gap
    implicitHeight: Math.max(Theme.target, contentItem.implicitHeight + 2 * Theme.gap)
    Accessible.role: Accessible.Button
    Accessible.name: qsTr("Call %1").arg(row.title)
    Accessible.description: [row.way, row.when, row.words].filter(word => word !== "").join(", ")
    onClicked: chosen()
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()

    background: Rectangle {
        radius: Theme.radius
        color: past.down || past.hovered ? Theme.colors.pressed : "transparent"

        FocusRing { around: past }
    }
    contentItem: RowLayout {
        spacing: 1.5 * Theme.gap

        Mark {
            visible: past.row.shape !== ""
            shape: past.row.shape
            tone: past.row.tone
        }
        Icon {
            visible: past.row.shape === ""
            glyph: past.row.missed ? "close" : "phone"
            ink: past.row.missed ? Theme.colors.alarm : Theme.colors.muted
            size: Theme.large
        }
        ColumnLayout {
            spacing: 0

            Words {
                Layout.fillWidth: true
                text: past.row.title
                color: past.row.missed ? Theme.colors.alarm : Theme.colors.text
                wrapMode: Text.NoWrap
                elide: Text.ElideRight
            }
            Words {
                Layout.fillWidth: true
                text: [past.row.way, past.row.words, past.row.lasted].filter(word => word !== "").join(", ")
                font.pixelSize: Theme.small
                muted: true
            }
        }
        Words {
            text: past.row.when
            font.pixelSize: Theme.small
            muted: true
        }
    }
}
