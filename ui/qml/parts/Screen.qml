// A page that scrolls when it is too long, never wider than what is easy to read.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ".."

ScrollView {
    id: screen

    default property alias content: column.data
    property string title

    contentWidth: availableWidth
    Accessible.name: title

    Item {
        width: screen.availableWidth
        implicitHeight: column.implicitHeight + 4 * Theme.gap

        ColumnLayout {
            id: column

            anchors { top: parent.top; topMargin: 2 * Theme.gap; horizontalCenter: parent.horizontalCenter }
            width: Math.min(parent.width - 4 * Theme.gap, 560 * settings.text_size)
            spacing: 2 * Theme.gap

            Words {
                Layout.fillWidth: true
                visible: screen.title !== ""
                text: screen.title
                font { pixelSize: Theme.large; weight: Font.DemiBold }
                Accessible.role: Accessible.Heading
            }
        }
    }
}
