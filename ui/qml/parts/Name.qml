// Who is on the line, as large as it fits.
import QtQuick
import QtQuick.Layouts
import ".."

Words {
    Layout.fillWidth: true
    font { pixelSize: text.length > 20 ? Theme.large : Theme.huge; weight: Font.DemiBold }
    horizontalAlignment: Text.AlignHCenter
    maximumLineCount: 3
    elide: Text.ElideRight
    Accessible.role: Accessible.Heading
    Accessible.name: text
}
