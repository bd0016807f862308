// A page that scrolls when it is too long, never wider than what is easy to read.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ".."

ScrollView {
    id: screen

    default property alias content: column.data
    property string title
    // for screen readers, where no title is shown
    property string name: title
    // stays in sight while the page grows
    property Item wanted

    function reveal(item: Item) {
        wanted = item;
        Qt.callLater(scroll);
    }

    // no further than is needed; what is taller than the page begins at its top
    function scroll() {
        const item = wanted;
        if (!item)
            return;
        const flickable = screen.contentItem;
        const top = item.mapToItem(column.parent, 0, 0).y;
        const bottom = top + item.height;
        let y = Math.max(flickable.contentY, bottom + Theme.gap - flickable.height);
        y = Math.min(y, top - Theme.gap);
        flickable.contentY = Math.max(0, Math.min(y, flickable.contentHeight - flickable.height));
    }

    contentWidth: availableWidth
    onContentHeightChanged: Qt.callLater(scroll)
    Accessible.name: name
    // by ear there is nothing to scroll: what has the keyboard is in sight
    ScrollBar.vertical: ScrollBar {
        parent: screen
        x: screen.mirrored ? 0 : screen.width - width
        height: screen.height
        Accessible.ignored: true
    }
    ScrollBar.horizontal: ScrollBar {
        policy: ScrollBar.AlwaysOff
        Accessible.ignored: true
    }

    // what has the keyboard is in sight
    Connections {
        target: screen.Window.window

        function onActiveFocusItemChanged() {
            const item = screen.Window.window.activeFocusItem;
            for (let outer = item; outer; outer = outer.parent)
                if (outer === column && item.height < screen.height)
                    screen.reveal(item);
        }
    }

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
