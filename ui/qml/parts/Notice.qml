// A sentence that comes up by itself, and is read out when it does.
import QtQuick
import QtQuick.Layouts
import ".."

Words {
    id: notice

    function say() {
        if (visible && text !== "")
            Accessible.announce(text, Accessible.Assertive);
    }

    Layout.fillWidth: true
    visible: text !== ""
    Accessible.role: Accessible.AlertMessage
    Accessible.name: text
    onTextChanged: Qt.callLater(notice.say)
    onVisibleChanged: Qt.callLater(notice.say)
}
