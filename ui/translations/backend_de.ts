<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>Backend</name>
    <message>
        <source>Listening for ZRTP from the other end.</source>
        <translation>Wartet auf ein ZRTP-Zeichen der Gegenstelle.</translation>
    </message>
    <message>
        <source>No sound has been agreed on yet.</source>
        <translation>Es ist noch kein Ton vereinbart.</translation>
    </message>
    <message>
        <source>The call is on hold; nothing is sent.</source>
        <translation>Das Gespräch wird gehalten; nichts wird gesendet.</translation>
    </message>
    <message>
        <source>The other phone does not answer ZRTP: it cannot encrypt end to end, or something on the way removes it.</source>
        <translation>Das andere Telefon antwortet nicht auf ZRTP: Es kann nicht von Ende zu Ende verschlüsseln, oder etwas unterwegs entfernt es.</translation>
    </message>
    <message>
        <source>Ask the other side to use a phone with ZRTP (Parley, Linphone) and to switch it on.</source>
        <translation>Bitten Sie die Gegenseite, ein Telefon mit ZRTP zu benutzen (Parley, Linphone) und es einzuschalten.</translation>
    </message>
    <message>
        <source>The PBX carries the sound itself, so there is no direct path to the other phone to encrypt.</source>
        <translation>Die Telefonanlage überträgt den Ton selbst; es gibt keinen direkten Weg zum anderen Telefon, der sich verschlüsseln ließe.</translation>
    </message>
    <message>
        <source>In Asterisk set direct_media=yes and media_encryption=no on both endpoints, and call Dial() without the options t T k K w W h H x X; both phones need one codec in common. Voicemail, conferences, queues, echo and announcements always end at the PBX.</source>
        <translation>Setzen Sie in Asterisk an beiden Endpunkten direct_media=yes und media_encryption=no, und rufen Sie Dial() ohne die Optionen t T k K w W h H x X auf; beide Telefone brauchen einen gemeinsamen Codec. Anrufbeantworter, Konferenzen, Warteschlangen, Echo und Ansagen enden immer an der Anlage.</translation>
    </message>
    <message>
        <source>The other phone speaks ZRTP, but the key exchange did not finish: packets are being lost.</source>
        <translation>Das andere Telefon spricht ZRTP, aber der Schlüsselaustausch wurde nicht fertig: Pakete gehen verloren.</translation>
    </message>
    <message>
        <source>Check the network between the two phones, then call again.</source>
        <translation>Prüfen Sie das Netz zwischen den beiden Telefonen und rufen Sie noch einmal an.</translation>
    </message>
    <message>
        <source>The other phone refused the key exchange.</source>
        <translation>Das andere Telefon hat den Schlüsselaustausch abgelehnt.</translation>
    </message>
    <message>
        <source>Check which algorithms it allows, then call again.</source>
        <translation>Prüfen Sie, welche Verfahren es erlaubt, und rufen Sie noch einmal an.</translation>
    </message>
    <message>
        <source>The key exchange failed: the other phone, or something on the way, broke its rules.</source>
        <translation>Der Schlüsselaustausch ist gescheitert: Das andere Telefon, oder etwas unterwegs, hat seine Regeln gebrochen.</translation>
    </message>
    <message>
        <source>Hang up and call again; if it happens again, do not trust this connection.</source>
        <translation>Legen Sie auf und rufen Sie noch einmal an; geschieht es wieder, trauen Sie dieser Verbindung nicht.</translation>
    </message>
    <message>
        <source>Neither phone may begin the key exchange: both are set to wait for the other.</source>
        <translation>Keines der Telefone darf den Schlüsselaustausch beginnen: Beide warten auf das andere.</translation>
    </message>
    <message>
        <source>Let one of the two begin.</source>
        <translation>Lassen Sie eines von beiden beginnen.</translation>
    </message>
    <message>
        <source>The other phone's ZRTP Hello is not the one that the call's signalling announced.</source>
        <translation>Das ZRTP-Hello des anderen Telefons ist nicht das, welches die Signalisierung angekündigt hat.</translation>
    </message>
    <message>
        <source>Something between the phones changes packets. Do not trust this connection.</source>
        <translation>Etwas zwischen den Telefonen verändert Pakete. Trauen Sie dieser Verbindung nicht.</translation>
    </message>
    <message>
        <source>The key kept from earlier calls with this phone is not there any more: it was reset, or someone is in between.</source>
        <translation>Der Schlüssel aus früheren Gesprächen mit diesem Telefon ist nicht mehr da: Es wurde zurückgesetzt, oder jemand ist dazwischen.</translation>
    </message>
    <message>
        <source>Compare the code now: read it to each other and type what you hear.</source>
        <translation>Vergleichen Sie den Code jetzt: Lesen Sie ihn einander vor und tippen Sie, was Sie hören.</translation>
    </message>
    <message>
        <source>The codes do not match: someone may be listening. Nothing is sent any more.</source>
        <translation>Die Codes stimmen nicht überein: Vielleicht hört jemand mit. Es wird nichts mehr gesendet.</translation>
    </message>
    <message>
        <source>Hang up. If you think the code was misread, have it read once more and type it again.</source>
        <translation>Legen Sie auf. Wenn Sie glauben, dass der Code falsch gelesen wurde, lassen Sie ihn noch einmal lesen und tippen Sie ihn neu.</translation>
    </message>
    <message>
        <source>The sound now comes from another place (hold, transfer or recording at the PBX), and nothing has been agreed with it. Nothing is sent until it proves itself or the call comes back.</source>
        <translation>Der Ton kommt jetzt von anderer Stelle (Halten, Weiterleiten oder Aufnahme an der Anlage), und mit ihr ist nichts vereinbart. Es wird nichts gesendet, bis sie sich ausweist oder das Gespräch zurückkommt.</translation>
    </message>
    <message>
        <source>Wait for the other side to return, or hang up.</source>
        <translation>Warten Sie, bis die Gegenseite zurückkommt, oder legen Sie auf.</translation>
    </message>
    <message>
        <source>The other phone has switched encryption off. Nothing is sent until you agree to go on without it.</source>
        <translation>Das andere Telefon hat die Verschlüsselung abgeschaltet. Es wird nichts gesendet, bis Sie zustimmen, ohne sie fortzufahren.</translation>
    </message>
    <message>
        <source>Hang up, or go on in the clear knowingly.</source>
        <translation>Legen Sie auf, oder fahren Sie wissentlich unverschlüsselt fort.</translation>
    </message>
    <message>
        <source>The other phone has switched encryption off, and you have agreed to go on without it.</source>
        <translation>Das andere Telefon hat die Verschlüsselung abgeschaltet, und Sie haben zugestimmt, ohne sie fortzufahren.</translation>
    </message>
    <message>
        <source>Hang up and call again for an encrypted call.</source>
        <translation>Legen Sie auf und rufen Sie noch einmal an, um verschlüsselt zu sprechen.</translation>
    </message>
    <message>
        <source>Your PBX decrypts this call and encrypts it anew, as you have allowed it to: it hears everything. The code is that of the call behind it.</source>
        <translation>Ihre Telefonanlage entschlüsselt dieses Gespräch und verschlüsselt es neu, wie Sie es erlaubt haben: Sie hört alles. Der Code ist der des Gesprächs dahinter.</translation>
    </message>
    <message>
        <source>For a call that the PBX cannot hear, the two phones must exchange their sound directly.</source>
        <translation>Für ein Gespräch, das die Anlage nicht hören kann, müssen die Telefone ihren Ton direkt austauschen.</translation>
    </message>
    <message>
        <source>The call is encrypted, but nobody has checked yet who is at the other end.</source>
        <translation>Das Gespräch ist verschlüsselt, aber niemand hat bisher geprüft, wer am anderen Ende ist.</translation>
    </message>
    <message>
        <source>Read the code to each other and type what you hear.</source>
        <translation>Lesen Sie einander den Code vor und tippen Sie, was Sie hören.</translation>
    </message>
    <message>
        <source>The other end does not have the secret of your account: your password and that of the PBX differ, or someone is in between.</source>
        <translation>Die Gegenstelle hat das Geheimnis Ihres Kontos nicht: Ihr Passwort und das der Anlage sind verschieden, oder jemand ist dazwischen.</translation>
    </message>
    <message>
        <source>Set the account's password anew; if it is right, do not trust this connection.</source>
        <translation>Geben Sie das Passwort des Kontos neu ein; ist es richtig, trauen Sie dieser Verbindung nicht.</translation>
    </message>
    <message>
        <source>The call is encrypted; the other end has yet to prove that it has the account's secret.</source>
        <translation>Das Gespräch ist verschlüsselt; die Gegenstelle muss noch nachweisen, dass sie das Geheimnis des Kontos hat.</translation>
    </message>
    <message>
        <source>The other end has proved that it has your account's password, in a way from which somebody in between could guess a password that a person has thought of.</source>
        <translation>Die Gegenstelle hat nachgewiesen, dass sie das Passwort Ihres Kontos hat, aber so, dass jemand dazwischen ein ausgedachtes Passwort erraten könnte.</translation>
    </message>
    <message>
        <source>Use a generated secret, or an answering service that knows the newer proof.</source>
        <translation>Benutzen Sie ein erzeugtes Geheimnis oder einen Dienst, der den neueren Nachweis kennt.</translation>
    </message>
    <message>
        <source>The other end did not prove that it has the secret of your account</source>
        <translation>Die Gegenstelle hat nicht nachgewiesen, dass sie das Geheimnis Ihres Kontos hat</translation>
    </message>
    <message>
        <source>Call again; if it happens again, ask the administrator of the PBX.</source>
        <translation>Rufen Sie noch einmal an; geschieht es wieder, fragen Sie den Verwalter der Anlage.</translation>
    </message>
    <message>
        <source>The other end cannot prove who it is: it keeps no secret of your account.</source>
        <translation>Die Gegenstelle kann sich nicht ausweisen: Sie hat kein Geheimnis Ihres Kontos.</translation>
    </message>
    <message>
        <source>Call somebody else, or allow calls without such a proof for this account.</source>
        <translation>Rufen Sie jemand anderen an, oder erlauben Sie diesem Konto Gespräche ohne solchen Nachweis.</translation>
    </message>
    <message>
        <source>The other phone asked to switch encryption off. Parley refused: the call stays encrypted.</source>
        <translation>Das andere Telefon wollte die Verschlüsselung abschalten. Parley hat abgelehnt: Das Gespräch bleibt verschlüsselt.</translation>
    </message>
    <message>
        <source>The PBX asks to be trusted to decrypt calls and to show the code of the call behind it. Agree only if it is your own, and best after comparing the code with its administrator.</source>
        <translation>Die Anlage bittet darum, Gespräche entschlüsseln und den Code des Gesprächs dahinter zeigen zu dürfen. Stimmen Sie nur zu, wenn es Ihre eigene ist, am besten nach dem Vergleich des Codes mit ihrem Verwalter.</translation>
    </message>
    <message>
        <source>The key kept from earlier calls is not there any more, and the other end has proved itself by your account's secret.</source>
        <translation>Der Schlüssel aus früheren Gesprächen ist nicht mehr da, und die Gegenstelle hat sich mit dem Geheimnis Ihres Kontos ausgewiesen.</translation>
    </message>
    <message>
        <source>Encryption is required for this call, so nothing is sent or heard.</source>
        <translation>Für dieses Gespräch ist Verschlüsselung vorgeschrieben; es wird nichts gesendet oder gehört.</translation>
    </message>
    <message>
        <source>A proof is required for this call, so nothing is sent or heard.</source>
        <translation>Für dieses Gespräch ist ein Nachweis vorgeschrieben; es wird nichts gesendet oder gehört.</translation>
    </message>
    <message>
        <source>The other side could not understand the call.</source>
        <translation>Die Gegenseite hat den Anruf nicht verstanden.</translation>
    </message>
    <message>
        <source>The server refused the password.</source>
        <translation>Der Server hat das Passwort abgelehnt.</translation>
    </message>
    <message>
        <source>The server does not allow this call.</source>
        <translation>Der Server erlaubt diesen Anruf nicht.</translation>
    </message>
    <message>
        <source>Nobody has this number or name.</source>
        <translation>Niemand hat diese Nummer oder diesen Namen.</translation>
    </message>
    <message>
        <source>The other side does not take calls.</source>
        <translation>Die Gegenseite nimmt keine Anrufe an.</translation>
    </message>
    <message>
        <source>No answer from the other side: it cannot be reached, or nobody picked up.</source>
        <translation>Keine Antwort: Die Gegenseite ist nicht erreichbar, oder niemand hat abgenommen.</translation>
    </message>
    <message>
        <source>This number or name is no longer in use.</source>
        <translation>Diese Nummer oder dieser Name wird nicht mehr benutzt.</translation>
    </message>
    <message>
        <source>The other side has no codec in common with us.</source>
        <translation>Die Gegenseite hat keinen gemeinsamen Codec.</translation>
    </message>
    <message>
        <source>The other side cannot be reached by this kind of address.</source>
        <translation>Mit dieser Art Adresse ist die Gegenseite nicht erreichbar.</translation>
    </message>
    <message>
        <source>The other side asks for an extension that Parley does not have.</source>
        <translation>Die Gegenseite verlangt eine Erweiterung, die Parley nicht hat.</translation>
    </message>
    <message>
        <source>Nobody can be reached there at the moment.</source>
        <translation>Dort ist im Moment niemand erreichbar.</translation>
    </message>
    <message>
        <source>The other side has lost this call.</source>
        <translation>Die Gegenseite hat dieses Gespräch verloren.</translation>
    </message>
    <message>
        <source>The call went round in a circle.</source>
        <translation>Der Anruf lief im Kreis.</translation>
    </message>
    <message>
        <source>The call was passed on too often.</source>
        <translation>Der Anruf wurde zu oft weitergereicht.</translation>
    </message>
    <message>
        <source>The number is incomplete.</source>
        <translation>Die Nummer ist unvollständig.</translation>
    </message>
    <message>
        <source>Busy.</source>
        <translation>Besetzt.</translation>
    </message>
    <message>
        <source>The call was cancelled before anybody answered.</source>
        <translation>Der Anruf wurde abgebrochen, bevor jemand annahm.</translation>
    </message>
    <message>
        <source>The other side has no codec or encryption in common with us.</source>
        <translation>Die Gegenseite hat weder Codec noch Verschlüsselung gemeinsam mit uns.</translation>
    </message>
    <message>
        <source>Both sides tried to change the call at the same moment.</source>
        <translation>Beide Seiten wollten das Gespräch im selben Moment ändern.</translation>
    </message>
    <message>
        <source>The server has an error of its own.</source>
        <translation>Der Server hat selbst einen Fehler.</translation>
    </message>
    <message>
        <source>The server cannot do this.</source>
        <translation>Der Server kann das nicht.</translation>
    </message>
    <message>
        <source>The server got no sensible answer from the next one.</source>
        <translation>Der Server bekam vom nächsten keine brauchbare Antwort.</translation>
    </message>
    <message>
        <source>The service cannot be reached: wrong address, closed port, or the server is down.</source>
        <translation>Der Dienst ist nicht erreichbar: falsche Adresse, geschlossener Port, oder der Server läuft nicht.</translation>
    </message>
    <message>
        <source>The server got no answer from the next one in time.</source>
        <translation>Der Server bekam vom nächsten nicht rechtzeitig Antwort.</translation>
    </message>
    <message>
        <source>The message was too long for the server.</source>
        <translation>Die Nachricht war dem Server zu lang.</translation>
    </message>
    <message>
        <source>Busy everywhere.</source>
        <translation>Überall besetzt.</translation>
    </message>
    <message>
        <source>Declined.</source>
        <translation>Abgelehnt.</translation>
    </message>
    <message>
        <source>This number or name does not exist anywhere.</source>
        <translation>Diese Nummer oder diesen Namen gibt es nirgends.</translation>
    </message>
    <message>
        <source>Rejected here.</source>
        <translation>Hier abgelehnt.</translation>
    </message>
    <message>
        <source>Hung up before anybody answered.</source>
        <translation>Aufgelegt, bevor jemand annahm.</translation>
    </message>
    <message>
        <source>The caller gave up.</source>
        <translation>Der Anrufer hat aufgegeben.</translation>
    </message>
    <message>
        <source>Hung up here.</source>
        <translation>Hier aufgelegt.</translation>
    </message>
    <message>
        <source>The connection to the other side was lost.</source>
        <translation>Die Verbindung zur Gegenseite ging verloren.</translation>
    </message>
    <message>
        <source>The other side hung up.</source>
        <translation>Die Gegenseite hat aufgelegt.</translation>
    </message>
    <message>
        <source>The server does not understand the registration.</source>
        <translation>Der Server versteht die Anmeldung nicht.</translation>
    </message>
    <message>
        <source>The server refuses the password (or the user name).</source>
        <translation>Der Server lehnt das Passwort (oder den Benutzernamen) ab.</translation>
    </message>
    <message>
        <source>The server refuses this account: wrong password, or it is not allowed to register.</source>
        <translation>Der Server lehnt dieses Konto ab: falsches Passwort, oder es darf sich nicht anmelden.</translation>
    </message>
    <message>
        <source>The server does not know this user.</source>
        <translation>Der Server kennt diesen Benutzer nicht.</translation>
    </message>
    <message>
        <source>This server takes no registrations.</source>
        <translation>Dieser Server nimmt keine Anmeldungen an.</translation>
    </message>
    <message>
        <source>The server does not know this user any more.</source>
        <translation>Der Server kennt diesen Benutzer nicht mehr.</translation>
    </message>
    <message>
        <source>The server wants a longer registration than it was asked for.</source>
        <translation>Der Server will eine längere Anmeldung als erbeten.</translation>
    </message>
    <message>
        <source>The server is not available at the moment.</source>
        <translation>Der Server ist im Moment nicht verfügbar.</translation>
    </message>
    <message>
        <source>The server got no answer from the next one.</source>
        <translation>Der Server bekam vom nächsten keine Antwort.</translation>
    </message>
    <message>
        <source>The server asks for a digest of another realm or kind than this account's secret is good for.</source>
        <translation>Der Server verlangt einen Digest für einen anderen Bereich oder von anderer Art, als das Geheimnis dieses Kontos hergibt.</translation>
    </message>
    <message>
        <source>The server does not accept its own challenges.</source>
        <translation>Der Server nimmt seine eigenen Abfragen nicht an.</translation>
    </message>
    <message>
        <source>The backend is not ready yet.</source>
        <translation>Der Dienst ist noch nicht bereit.</translation>
    </message>
    <message>
        <source>There is no call.</source>
        <translation>Es gibt kein Gespräch.</translation>
    </message>
    <message>
        <source>A name has at least one character.</source>
        <translation>Ein Name hat mindestens ein Zeichen.</translation>
    </message>
    <message>
        <source>There is no account.</source>
        <translation>Es gibt kein Konto.</translation>
    </message>
    <message>
        <source>Earlier calls with this address were encrypted, and this one is not. Nothing is sent or played until you go on without encryption.</source>
        <translation>Frühere Gespräche mit dieser Adresse waren verschlüsselt, dieses ist es nicht. Nichts wird gesendet oder abgespielt, bis Sie ohne Verschlüsselung fortfahren.</translation>
    </message>
    <message>
        <source>The call is encrypted, but less is known of who is at the other end than before. Nothing is sent or played until you go on.</source>
        <translation>Das Gespräch ist verschlüsselt, aber über die Gegenstelle ist weniger bekannt als zuvor. Nichts wird gesendet oder abgespielt, bis Sie fortfahren.</translation>
    </message>
    <message>
        <source>Hang up, or go on and compare the code before you say what others must not hear.</source>
        <translation>Legen Sie auf, oder fahren Sie fort und vergleichen Sie den Code, bevor Sie sagen, was andere nicht hören dürfen.</translation>
    </message>
    <message>
        <source>Nothing is sent or played until you go on.</source>
        <translation>Nichts wird gesendet oder abgespielt, bis Sie fortfahren.</translation>
    </message>
    <message>
        <source>The call is encrypted as far as the PBX. The PBX carries the sound itself, so it can hear everything; whether it encrypts on the other side is not known.</source>
        <translation>Das Gespräch ist bis zur Telefonanlage verschlüsselt. Sie überträgt den Ton selbst und kann also alles hören; ob sie zur anderen Seite hin verschlüsselt, ist nicht bekannt.</translation>
    </message>
    <message>
        <source>The call is encrypted as far as the end that the call's signalling has named, which may be a server that hears everything: it does not answer ZRTP.</source>
        <translation>Das Gespräch ist bis zu dem Ende verschlüsselt, das die Signalisierung genannt hat. Das kann ein Server sein, der alles hört: Es antwortet nicht auf ZRTP.</translation>
    </message>
    <message>
        <source>Whoever carries the sound has another certificate than the call's signalling announced, so nothing is encrypted for it.</source>
        <translation>Wer den Ton überträgt, hat ein anderes Zertifikat, als die Signalisierung angekündigt hat; für ihn wird deshalb nichts verschlüsselt.</translation>
    </message>
    <message>
        <source>Something on the way changes packets. Do not trust this connection.</source>
        <translation>Etwas auf dem Weg verändert Pakete. Vertrauen Sie dieser Verbindung nicht.</translation>
    </message>
    <message>
        <source>The PBX offers encryption as far as itself (DTLS-SRTP), but the key exchange with it did not finish.</source>
        <translation>Die Telefonanlage bietet Verschlüsselung bis zu sich selbst an (DTLS-SRTP), aber der Schlüsselaustausch mit ihr kam nicht zu Ende.</translation>
    </message>
    <message>
        <source>In Asterisk set media_encryption=dtls and dtls_auto_generate_cert=yes, or media_encryption=no for calls that only the two phones can hear; check the network between here and the PBX.</source>
        <translation>Setzen Sie in Asterisk media_encryption=dtls und dtls_auto_generate_cert=yes, oder media_encryption=no für Gespräche, die nur die beiden Telefone hören können; prüfen Sie das Netz zwischen hier und der Telefonanlage.</translation>
    </message>
    <message>
        <source>Echo and noise are seen to during calls.</source>
        <translation>Um Echo und Geräusche geht es erst während eines Gesprächs.</translation>
    </message>
    <message>
        <source>Parley takes echo and noise out of the microphone's sound.</source>
        <translation>Parley entfernt Echo und Geräusche aus dem Ton des Mikrofons.</translation>
    </message>
    <message>
        <source>The desktop has freed this microphone from echo already.</source>
        <translation>Bei diesem Mikrofon hat der Desktop das Echo schon entfernt.</translation>
    </message>
    <message>
        <source>A headset makes no echo, so nothing is taken out.</source>
        <translation>Ein Headset macht kein Echo; es wird nichts entfernt.</translation>
    </message>
    <message>
        <source>Echo and noise stay in the sound: that is switched off.</source>
        <translation>Echo und Geräusche bleiben im Ton: Das ist ausgeschaltet.</translation>
    </message>
    <message>
        <source>The echo canceller is not installed (parley[echo]).</source>
        <translation>Die Echounterdrückung ist nicht installiert (parley[echo]).</translation>
    </message>
    <message>
        <source>The echo canceller has failed; the sound goes on as it is.</source>
        <translation>Die Echounterdrückung hat versagt; der Ton bleibt, wie er ist.</translation>
    </message>
    <message>
        <source>{host} has no address: no such name, or no network to ask.</source>
        <translation>{host} hat keine Adresse: Es gibt keinen solchen Namen, oder kein Netz, das zu fragen wäre.</translation>
    </message>
    <message>
        <source>Check the spelling of the name and the network of this computer, or give the server by its IP address.</source>
        <translation>Prüfen Sie die Schreibweise des Namens und das Netz dieses Computers, oder geben Sie den Server mit seiner IP-Adresse an.</translation>
    </message>
    <message>
        <source>{host} cannot be looked up: the name server does not answer.</source>
        <translation>{host} lässt sich nicht nachschlagen: Der Nameserver antwortet nicht.</translation>
    </message>
    <message>
        <source>Check the network of this computer and its name server.</source>
        <translation>Prüfen Sie das Netz dieses Computers und seinen Nameserver.</translation>
    </message>
    <message>
        <source>{host} has IPv6 addresses alone ({addresses}), and Parley speaks IPv4.</source>
        <translation>{host} hat nur IPv6-Adressen ({addresses}), und Parley spricht IPv4.</translation>
    </message>
    <message>
        <source>Give the server a name or an address in IPv4.</source>
        <translation>Geben Sie dem Server einen Namen oder eine Adresse in IPv4.</translation>
    </message>
    <message>
        <source>{host} is not the server itself: it names {target}, port {port}, for SIP (an SRV record), which Parley does not look up by itself.</source>
        <translation>{host} ist nicht der Server selbst: Für SIP nennt der Name {target}, Port {port} (ein SRV-Eintrag), was Parley nicht von sich aus nachschlägt.</translation>
    </message>
    <message>
        <source>Name that server as the outbound proxy: sip:{target}:{port}.</source>
        <translation>Geben Sie diesen Server als ausgehenden Proxy an: sip:{target}:{port}.</translation>
    </message>
    <message>
        <source>The server refuses the password, or it has no user {user}: it does not tell which. It asks for the realm {realm}.</source>
        <translation>Der Server lehnt das Passwort ab, oder er hat keinen Benutzer {user}: Er sagt nicht, welches von beiden. Er fragt nach dem Realm {realm}.</translation>
    </message>
    <message>
        <source>Compare user name and password with what the PBX has (in Asterisk: the auth section that the endpoint names), and type the password anew. If the login has another name than the address, give it as the authentication user.</source>
        <translation>Vergleichen Sie Benutzernamen und Passwort mit dem, was die Telefonanlage hat (in Asterisk: der auth-Abschnitt, den der Endpoint nennt), und geben Sie das Passwort neu ein. Wenn die Anmeldung einen anderen Namen hat als die Adresse, geben Sie ihn als Anmeldename an.</translation>
    </message>
    <message>
        <source>The server refuses this account: the password is wrong, or the user {user} may not register.</source>
        <translation>Der Server lehnt dieses Konto ab: Das Passwort ist falsch, oder der Benutzer {user} darf sich nicht anmelden.</translation>
    </message>
    <message>
        <source>Type the password anew. If it is right, the PBX has to allow the registration (in Asterisk: max_contacts of its aor, and acl of its endpoint).</source>
        <translation>Geben Sie das Passwort neu ein. Wenn es stimmt, muss die Telefonanlage die Anmeldung erlauben (in Asterisk: max_contacts seiner aor und acl seines Endpoints).</translation>
    </message>
    <message>
        <source>The server does not know the user {user}.</source>
        <translation>Der Server kennt den Benutzer {user} nicht.</translation>
    </message>
    <message>
        <source>Check the name before the @ of the account's address. In Asterisk there has to be an aor of that name, named in aors= of the endpoint.</source>
        <translation>Prüfen Sie den Namen vor dem @ in der Adresse des Kontos. In Asterisk muss es eine aor dieses Namens geben, die in aors= des Endpoints steht.</translation>
    </message>
    <message>
        <source>The server asks for a password, and this account has none.</source>
        <translation>Der Server verlangt ein Passwort, und dieses Konto hat keines.</translation>
    </message>
    <message>
        <source>Type the password.</source>
        <translation>Geben Sie das Passwort ein.</translation>
    </message>
    <message>
        <source>The account's secret is a digest for the realm {ours}, and the server asks for {theirs}.</source>
        <translation>Das Geheimnis des Kontos ist ein Digest für den Realm {ours}, und der Server fragt nach {theirs}.</translation>
    </message>
    <message>
        <source>Give the digest for that realm, with its name (--realm), or the password itself.</source>
        <translation>Geben Sie den Digest für jenen Realm mit dessen Namen an (--realm), oder das Passwort selbst.</translation>
    </message>
    <message>
        <source>The account's secret is a digest of kind {ours}, and the server asks for {theirs}.</source>
        <translation>Das Geheimnis des Kontos ist ein Digest der Art {ours}, und der Server fragt nach {theirs}.</translation>
    </message>
    <message>
        <source>Give the digest of that kind (--credential), or the password itself.</source>
        <translation>Geben Sie den Digest jener Art an (--credential), oder das Passwort selbst.</translation>
    </message>
    <message>
        <source>The server answers, but not to the registration.</source>
        <translation>Der Server antwortet, aber nicht auf die Anmeldung.</translation>
    </message>
    <message>
        <source>Look into the log of the server; in Asterisk, pjsip set logger on shows what arrives.</source>
        <translation>Sehen Sie im Protokoll des Servers nach; in Asterisk zeigt pjsip set logger on, was ankommt.</translation>
    </message>
    <message>
        <source>The checks broke off: this is a mistake of Parley's own.</source>
        <translation>Die Prüfung brach ab: Das ist ein Fehler von Parley selbst.</translation>
    </message>
    <message>
        <source>The log of the backend has it; please report it.</source>
        <translation>Er steht im Protokoll; bitte melden Sie ihn.</translation>
    </message>
    <message>
        <source>Check the port in the account's address, and whether the server takes {transport}. A firewall may throw the packets away, or the server may have banned this address after wrong passwords (fail2ban).</source>
        <translation>Prüfen Sie den Port in der Adresse des Kontos, und ob der Server {transport} annimmt. Eine Firewall wirft die Pakete vielleicht weg, oder der Server hat diese Adresse nach falschen Passwörtern gesperrt (fail2ban).</translation>
    </message>
    <message>
        <source>Check the port in the account's address, whether the server runs, and whether it takes {transport} (in Asterisk: pjsip show transports).</source>
        <translation>Prüfen Sie den Port in der Adresse des Kontos, ob der Server läuft, und ob er {transport} annimmt (in Asterisk: pjsip show transports).</translation>
    </message>
    <message>
        <source>Check the network of this computer, and the address that Parley is bound to (--bind).</source>
        <translation>Prüfen Sie das Netz dieses Computers und die Adresse, an die Parley gebunden ist (--bind).</translation>
    </message>
    <message>
        <source>Another program has that port: check the port in the account's address.</source>
        <translation>Ein anderes Programm hat diesen Port: Prüfen Sie den Port in der Adresse des Kontos.</translation>
    </message>
    <message>
        <source>Look into the log of the server: it says more of the cause.</source>
        <translation>Sehen Sie im Protokoll des Servers nach: Es sagt mehr über die Ursache.</translation>
    </message>
    <message>
        <source>{where} does not answer.</source>
        <translation>{where} antwortet nicht.</translation>
    </message>
    <message>
        <source>{where} refuses the connection: nothing listens on that port.</source>
        <translation>{where} weist die Verbindung ab: Auf diesem Port hört nichts.</translation>
    </message>
    <message>
        <source>{where} answers, but not as a SIP server does.</source>
        <translation>{where} antwortet, aber nicht wie ein SIP-Server.</translation>
    </message>
    <message>
        <source>{where} cannot be reached: this computer has no network that leads there.</source>
        <translation>{where} ist nicht erreichbar: Dieser Computer hat kein Netz, das dorthin führt.</translation>
    </message>
    <message>
        <source>{where} cannot be reached: no way leads to that computer.</source>
        <translation>{where} ist nicht erreichbar: Kein Weg führt zu jenem Computer.</translation>
    </message>
    <message>
        <source>{where} has cut the connection.</source>
        <translation>{where} hat die Verbindung getrennt.</translation>
    </message>
    <message>
        <source>{where} cannot be reached from the address that Parley is bound to.</source>
        <translation>{where} ist von der Adresse aus, an die Parley gebunden ist, nicht erreichbar.</translation>
    </message>
    <message>
        <source>The secret can be guessed. Somebody in between who gets a proof of the older kind in a call would find it in {time}; until the other end knows the newer proof, such calls are shown with a weak secret.</source>
        <translation>Das Geheimnis lässt sich erraten. Wer dazwischen sitzt und in einem Gespräch einen Nachweis der älteren Art bekommt, bräuchte dafür {time}; bis die Gegenstelle den neueren Nachweis kennt, gilt das Geheimnis in solchen Gesprächen als schwach.</translation>
    </message>
    <message>
        <source>The secret is hard to guess, but not as hard as one made of 128 random bits: calls that are proved in the older way are shown with a weak secret.</source>
        <translation>Das Geheimnis ist schwer zu erraten, aber nicht so schwer wie eines aus 128 zufälligen Bits: In Gesprächen, die auf die ältere Art nachgewiesen sind, gilt es als schwach.</translation>
    </message>
    <message>
        <source>Only a digest of the secret is kept here: nobody can tell how hard it is to guess.</source>
        <translation>Hier liegt nur ein Digest des Geheimnisses: Niemand kann sagen, wie schwer es zu erraten ist.</translation>
    </message>
    <message>
        <source>Logins cross the network unencrypted ({transport}): whoever listens there gets a digest to try passwords on.</source>
        <translation>Anmeldungen gehen unverschlüsselt durch das Netz ({transport}): Wer dort mithört, bekommt einen Digest, an dem sich Passwörter ausprobieren lassen.</translation>
    </message>
    <message>
        <source>A graphics card would need {time} for this one.</source>
        <translation>Eine Grafikkarte bräuchte für dieses {time}.</translation>
    </message>
    <message>
        <source>A graphics card tries ten thousand million in a second.</source>
        <translation>Eine Grafikkarte probiert zehn Milliarden in der Sekunde.</translation>
    </message>
    <message>
        <source>The account {twin} has the same secret: whoever learns one of them has both.</source>
        <translation>Das Konto {twin} hat dasselbe Geheimnis: Wer eines erfährt, hat beide.</translation>
    </message>
    <message>
        <source>less than a second</source>
        <translation>weniger als eine Sekunde</translation>
    </message>
    <message>
        <source>second</source>
        <translation>Sekunde</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>Sekunden</translation>
    </message>
    <message>
        <source>minute</source>
        <translation>Minute</translation>
    </message>
    <message>
        <source>minutes</source>
        <translation>Minuten</translation>
    </message>
    <message>
        <source>hour</source>
        <translation>Stunde</translation>
    </message>
    <message>
        <source>hours</source>
        <translation>Stunden</translation>
    </message>
    <message>
        <source>day</source>
        <translation>Tag</translation>
    </message>
    <message>
        <source>days</source>
        <translation>Tage</translation>
    </message>
    <message>
        <source>month</source>
        <translation>Monat</translation>
    </message>
    <message>
        <source>months</source>
        <translation>Monate</translation>
    </message>
    <message>
        <source>year</source>
        <translation>Jahr</translation>
    </message>
    <message>
        <source>years</source>
        <translation>Jahre</translation>
    </message>
    <message>
        <source>centuries</source>
        <translation>Jahrhunderte</translation>
    </message>
    <message>
        <source>no time</source>
        <translation>keine Zeit</translation>
    </message>
    <message>
        <source>The headset has gone, and only a device that others can hear is left, so the call is silent: plug the headset in again, or choose a loudspeaker.</source>
        <translation>Das Headset ist weg, und übrig ist nur ein Gerät, das andere hören können; deshalb ist das Gespräch stumm: Stecken Sie das Headset wieder ein, oder wählen Sie einen Lautsprecher.</translation>
    </message>
    <message>
        <source>There is no microphone that works, so nobody hears you: plug one in.</source>
        <translation>Kein Mikrofon funktioniert, deshalb hört Sie niemand: Schließen Sie eines an.</translation>
    </message>
    <message>
        <source>There is no loudspeaker that works, so you hear nobody: plug one in.</source>
        <translation>Kein Lautsprecher funktioniert, deshalb hören Sie niemanden: Schließen Sie einen an.</translation>
    </message>
    <message>
        <source>There is neither a microphone nor a loudspeaker that works, so the call is silent: plug some in.</source>
        <translation>Weder ein Mikrofon noch ein Lautsprecher funktioniert, deshalb ist das Gespräch stumm: Schließen Sie etwas an.</translation>
    </message>
    <message>
        <source>{path} has no sound in it.</source>
        <translation>{path} enthält keinen Ton.</translation>
    </message>
    <message>
        <source>{path} cannot be read: {cause}.</source>
        <translation>{path} kann nicht gelesen werden: {cause}.</translation>
    </message>
    <message>
        <source>{path} is not a sound file that Parley can play.</source>
        <translation>{path} ist keine Tondatei, die Parley abspielen kann.</translation>
    </message>
    <message>
        <source>{path} cannot be written: {cause}.</source>
        <translation>{path} kann nicht geschrieben werden: {cause}.</translation>
    </message>
    <message>
        <source>There is no account {account}.</source>
        <translation>Es gibt kein Konto {account}.</translation>
    </message>
    <message>
        <source>The realm of {account} is not known: register it once, or name it. (Asterisk's is asterisk where pjsip.conf says nothing else.)</source>
        <translation>Das Realm von {account} ist nicht bekannt: Melden Sie das Konto einmal an, oder nennen Sie es. (In Asterisk heißt es asterisk, wenn in pjsip.conf nichts anderes steht.)</translation>
    </message>
    <message>
        <source>There is already an account {account}; edit it, or remove it first.</source>
        <translation>Das Konto {account} gibt es schon; ändern Sie es, oder entfernen Sie es zuerst.</translation>
    </message>
    <message>
        <source>{uri} is at an IPv6 address, and Parley speaks IPv4: use its IPv4 address.</source>
        <translation>{uri} hat eine IPv6-Adresse, und Parley spricht IPv4: Nehmen Sie die IPv4-Adresse.</translation>
    </message>
    <message>
        <source>{uri} is not an account's address: use sip:USER@HOST or sip:USER@HOST:PORT.</source>
        <translation>{uri} ist nicht die Adresse eines Kontos: Schreiben Sie sip:NAME@RECHNER oder sip:NAME@RECHNER:PORT.</translation>
    </message>
    <message>
        <source>{uri} is not a proxy's address: use sip:HOST or sip:HOST:PORT.</source>
        <translation>{uri} ist nicht die Adresse eines Proxys: Schreiben Sie sip:RECHNER oder sip:RECHNER:PORT.</translation>
    </message>
    <message>
        <source>A {kind} HA1 has {digits} lowercase hex digits.</source>
        <translation>Ein {kind}-HA1 hat {digits} kleingeschriebene Hexadezimalziffern.</translation>
    </message>
    <message>
        <source>A {kind} HA1 belongs to one realm: name it.</source>
        <translation>Ein {kind}-HA1 gehört zu einem Realm: Nennen Sie es.</translation>
    </message>
    <message>
        <source>{algorithm} cannot be offered here: the SRTP library is not able to use it.</source>
        <translation>{algorithm} kann hier nicht angeboten werden: Die SRTP-Bibliothek beherrscht es nicht.</translation>
    </message>
    <message>
        <source>Call {call} has already ended.</source>
        <translation>Anruf {call} ist schon zu Ende.</translation>
    </message>
    <message>
        <source>Call {call} is not on hold.</source>
        <translation>Anruf {call} wird nicht gehalten.</translation>
    </message>
    <message>
        <source>Call {call} is not recorded.</source>
        <translation>Anruf {call} wird nicht aufgezeichnet.</translation>
    </message>
    <message>
        <source>{keys} are not telephone keys: use 0-9, *, # and A-D.</source>
        <translation>{keys} sind keine Telefontasten: Nehmen Sie 0-9, *, # und A-D.</translation>
    </message>
    <message>
        <source>Call {call} has no sound yet, so keys cannot be sent.</source>
        <translation>Anruf {call} hat noch keinen Ton, deshalb können keine Tasten gesendet werden.</translation>
    </message>
    <message>
        <source>Call {call} asks nothing that could be settled for all calls to come.</source>
        <translation>Anruf {call} fragt nichts, was für alle künftigen Anrufe zu entscheiden wäre.</translation>
    </message>
    <message>
        <source>Call {call} is being transferred already.</source>
        <translation>Anruf {call} wird schon weitergegeben.</translation>
    </message>
    <message>
        <source>Call {call} is not connected to anything.</source>
        <translation>Anruf {call} ist mit nichts verbunden.</translation>
    </message>
    <message>
        <source>Call {call} is {state}: {why}.</source>
        <translation>Anruf {call} ({state}): {why}.</translation>
    </message>
    <message>
        <source>only an incoming call can be answered</source>
        <translation>nur ein Anruf, der hereinkommt, kann angenommen werden</translation>
    </message>
    <message>
        <source>only an incoming call can be rejected</source>
        <translation>nur ein Anruf, der hereinkommt, kann abgelehnt werden</translation>
    </message>
    <message>
        <source>only an incoming call can be sent away</source>
        <translation>nur ein Anruf, der hereinkommt, kann weggeschickt werden</translation>
    </message>
    <message>
        <source>only a connected call can be held</source>
        <translation>nur ein verbundener Anruf kann gehalten werden</translation>
    </message>
    <message>
        <source>only a connected call can be resumed</source>
        <translation>nur ein verbundener Anruf kann fortgesetzt werden</translation>
    </message>
    <message>
        <source>only a connected call can take another one over</source>
        <translation>nur ein verbundener Anruf kann einen anderen übernehmen</translation>
    </message>
    <message>
        <source>only a connected call can be recorded</source>
        <translation>nur ein verbundener Anruf kann aufgezeichnet werden</translation>
    </message>
    <message>
        <source>only a connected call can be transferred</source>
        <translation>nur ein verbundener Anruf kann weitergegeben werden</translation>
    </message>
    <message>
        <source>only connected calls can be joined</source>
        <translation>nur verbundene Anrufe können zusammengeschaltet werden</translation>
    </message>
    <message>
        <source>there is nobody to attend to</source>
        <translation>es ist niemand da, um den man sich kümmern könnte</translation>
    </message>
    <message>
        <source>calling</source>
        <translation>wird gerufen</translation>
    </message>
    <message>
        <source>ringing</source>
        <translation>klingelt dort</translation>
    </message>
    <message>
        <source>incoming</source>
        <translation>kommt herein</translation>
    </message>
    <message>
        <source>early</source>
        <translation>wird gerufen, mit Ton</translation>
    </message>
    <message>
        <source>connected</source>
        <translation>verbunden</translation>
    </message>
    <message>
        <source>ended</source>
        <translation>beendet</translation>
    </message>
    <message>
        <source>A contact has a name that can be printed.</source>
        <translation>Ein Kontakt hat einen Namen, der sich schreiben lässt.</translation>
    </message>
    <message>
        <source>{address} cannot be called: use sip:USER@HOST, or a number.</source>
        <translation>{address} kann nicht angerufen werden: Schreiben Sie sip:NAME@RECHNER oder eine Nummer.</translation>
    </message>
    <message>
        <source>There is no policy {policy}.</source>
        <translation>Es gibt keine Regel {policy}.</translation>
    </message>
    <message>
        <source>There is no contact {contact}.</source>
        <translation>Es gibt keinen Kontakt {contact}.</translation>
    </message>
    <message>
        <source>There is already a contact {contact}; edit it, or choose another name.</source>
        <translation>Den Kontakt {contact} gibt es schon; ändern Sie ihn, oder wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>These are no contacts: the first line has to name the columns name and address.</source>
        <translation>Das sind keine Kontakte: In der ersten Zeile müssen die Spalten name und address stehen.</translation>
    </message>
    <message>
        <source>Line {line} is no CSV: {cause}.</source>
        <translation>Zeile {line} ist kein CSV: {cause}.</translation>
    </message>
    <message>
        <source>Line {line}: {why}</source>
        <translation>Zeile {line}: {why}</translation>
    </message>
    <message>
        <source>This call is not encrypted, so there is no code to compare.</source>
        <translation>Dieser Anruf ist nicht verschlüsselt, deshalb gibt es keinen Code zu vergleichen.</translation>
    </message>
    <message>
        <source>A code is {shape}; {heard} is not. Type it again.</source>
        <translation>Ein Code besteht aus {shape}; {heard} nicht. Tippen Sie ihn noch einmal.</translation>
    </message>
    <message>
        <source>two words</source>
        <translation>zwei Wörtern</translation>
    </message>
    <message>
        <source>four letters or digits</source>
        <translation>vier Buchstaben oder Ziffern</translation>
    </message>
    <message>
        <source>The codes do not match: someone may be listening. Nothing is sent any more; hang up, or have the code read once more and type it again.</source>
        <translation>Die Codes stimmen nicht überein: Vielleicht hört jemand mit. Es wird nichts mehr gesendet; legen Sie auf, oder lassen Sie sich den Code noch einmal vorlesen und tippen Sie ihn noch einmal.</translation>
    </message>
    <message>
        <source>No secret is kept for {caller} at {account}.</source>
        <translation>Für {caller} an {account} ist kein Geheimnis hinterlegt.</translation>
    </message>
    <message>
        <source>No phone of that name or ZID is known: {peer}.</source>
        <translation>Kein Telefon mit diesem Namen oder dieser ZID ist bekannt: {peer}.</translation>
    </message>
    <message>
        <source>Several phones are called {peer}; use the ZID: {zids}.</source>
        <translation>Mehrere Telefone heißen {peer}; nehmen Sie die ZID: {zids}.</translation>
    </message>
    <message>
        <source>A key has 64 hex digits.</source>
        <translation>Ein Schlüssel hat 64 Hexadezimalziffern.</translation>
    </message>
    <message>
        <source>Call {call} is already recorded, to {path}.</source>
        <translation>Anruf {call} wird schon aufgezeichnet, in {path}.</translation>
    </message>
    <message>
        <source>The other phone was not told that this call may be recorded; it is told when the keys are agreed. Switch that on before you call: parley announce-recording on.</source>
        <translation>Dem anderen Telefon wurde nicht gesagt, dass dieser Anruf vielleicht aufgezeichnet wird; das geschieht, wenn die Schlüssel vereinbart werden. Schalten Sie es vor dem Anruf ein: parley announce-recording on.</translation>
    </message>
    <message>
        <source>Several devices are called {device}: there is {devices}.</source>
        <translation>Mehrere Geräte heißen {device}: Es gibt {devices}.</translation>
    </message>
    <message>
        <source>No device is called {device}: there is {devices}.</source>
        <translation>Kein Gerät heißt {device}: Es gibt {devices}.</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keines</translation>
    </message>
    <message>
        <source>A volume is a number from 0 to {most} percent.</source>
        <translation>Eine Lautstärke ist eine Zahl von 0 bis {most} Prozent.</translation>
    </message>
    <message>
        <source>There is a call; try the sound when it is over.</source>
        <translation>Es läuft ein Anruf; prüfen Sie den Ton, wenn er vorbei ist.</translation>
    </message>
    <message>
        <source>There is no codec {codec}: use {codecs}.</source>
        <translation>Es gibt keinen Codec {codec}: Nehmen Sie {codecs}.</translation>
    </message>
    <message>
        <source>A conference needs at least two calls.</source>
        <translation>Eine Konferenz braucht mindestens zwei Anrufe.</translation>
    </message>
    <message>
        <source>Call {strict} requires encryption, and call {plain} is not encrypted end to end: they stay apart.</source>
        <translation>Anruf {strict} verlangt Verschlüsselung, und Anruf {plain} ist nicht von Ende zu Ende verschlüsselt: Sie bleiben getrennt.</translation>
    </message>
    <message>
        <source>Nobody has been called yet.</source>
        <translation>Es wurde noch niemand angerufen.</translation>
    </message>
    <message>
        <source>A call cannot be passed on to itself; name two calls.</source>
        <translation>Ein Anruf kann nicht an sich selbst weitergegeben werden; nennen Sie zwei Anrufe.</translation>
    </message>
    <message>
        <source>A recording needs the whole path of its file.</source>
        <translation>Eine Aufzeichnung braucht den ganzen Pfad ihrer Datei.</translation>
    </message>
    <message>
        <source>{target} is not an address Parley can call: use sip:USER@HOST, a number, or a contact's name.</source>
        <translation>{target} ist keine Adresse, die Parley anrufen kann: Schreiben Sie sip:NAME@RECHNER, eine Nummer oder den Namen eines Kontakts.</translation>
    </message>
    <message>
        <source>There is no account to call {target} with; add one, or call sip:USER@HOST.</source>
        <translation>Es gibt kein Konto, mit dem {target} angerufen werden könnte; richten Sie eines ein, oder rufen Sie sip:NAME@RECHNER an.</translation>
    </message>
    <message>
        <source>No free port for the sound of a call: {cause}.</source>
        <translation>Kein Port ist frei für den Ton eines Anrufs: {cause}.</translation>
    </message>
    <message>
        <source>There is no call {call}.</source>
        <translation>Es gibt keinen Anruf {call}.</translation>
    </message>
    <message>
        <source>Call {call} cannot be put on hold: {why}</source>
        <translation>Anruf {call} kann nicht gehalten werden: {why}</translation>
    </message>
    <message>
        <source>The backend has gone.</source>
        <translation>Der Hintergrunddienst ist weg.</translation>
    </message>
    <message>
        <source>The backend does not answer.</source>
        <translation>Der Hintergrunddienst antwortet nicht.</translation>
    </message>
    <message>
        <source>A key is either given or made.</source>
        <translation>Ein Schlüssel wird entweder angegeben oder erzeugt.</translation>
    </message>
    <message>
        <source>The call is not encrypted, so there is no code to confirm.</source>
        <translation>Der Anruf ist nicht verschlüsselt, deshalb gibt es keinen Code zu bestätigen.</translation>
    </message>
    <message>
        <source>The call is not encrypted, so nobody can be trusted in it.</source>
        <translation>Der Anruf ist nicht verschlüsselt, deshalb kann darin niemandem vertraut werden.</translation>
    </message>
    <message>
        <source>This call may not go on without encryption: its policy requires it.</source>
        <translation>Dieser Anruf darf ohne Verschlüsselung nicht weitergehen: Seine Regel verlangt sie.</translation>
    </message>
    <message>
        <source>Parley can keep no more than {most} accounts.</source>
        <translation>Parley kann nicht mehr als {most} Konten führen.</translation>
    </message>
    <message>
        <source>Parley's SIP library cannot be trusted with TLS yet; use udp or tcp.</source>
        <translation>Der SIP-Bibliothek von Parley ist TLS noch nicht anzuvertrauen; nehmen Sie udp oder tcp.</translation>
    </message>
    <message>
        <source>The account was closed.</source>
        <translation>Das Konto wurde geschlossen.</translation>
    </message>
    <message>
        <source>There is nothing to answer: the call does not ring.</source>
        <translation>Es gibt nichts anzunehmen: Der Anruf klingelt nicht.</translation>
    </message>
    <message>
        <source>The other call is not connected any more.</source>
        <translation>Der andere Anruf ist nicht mehr verbunden.</translation>
    </message>
    <message>
        <source>{keys} cannot be dialled: only 0-9, *, #, A, B, C and D are keys.</source>
        <translation>{keys} kann nicht gewählt werden: Nur 0-9, *, #, A, B, C und D sind Tasten.</translation>
    </message>
    <message>
        <source>Keys can be pressed only while there is sound in the call.</source>
        <translation>Tasten lassen sich nur drücken, solange der Anruf Ton hat.</translation>
    </message>
    <message>
        <source>Only a call that is connected can be transferred.</source>
        <translation>Nur ein verbundener Anruf kann weitergegeben werden.</translation>
    </message>
    <message>
        <source>Only a call that is connected can be held and resumed.</source>
        <translation>Nur ein verbundener Anruf kann gehalten und fortgesetzt werden.</translation>
    </message>
    <message>
        <source>{uri} cannot be called: {cause}.</source>
        <translation>{uri} kann nicht angerufen werden: {cause}.</translation>
    </message>
    <message>
        <source>The keys could not be sent: {cause}.</source>
        <translation>Die Tasten konnten nicht gesendet werden: {cause}.</translation>
    </message>
    <message>
        <source>The call cannot be transferred: {cause}.</source>
        <translation>Der Anruf kann nicht weitergegeben werden: {cause}.</translation>
    </message>
    <message>
        <source>The call cannot be answered: {cause}.</source>
        <translation>Der Anruf kann nicht angenommen werden: {cause}.</translation>
    </message>
    <message>
        <source>Parley can carry no more than {most} calls at once.</source>
        <translation>Parley kann nicht mehr als {most} Anrufe zugleich führen.</translation>
    </message>
    <message>
        <source>Parley is ending.</source>
        <translation>Parley wird gerade beendet.</translation>
    </message>
    <message>
        <source>This build of pjsua2 cannot use a hashed password of this kind.</source>
        <translation>Diese Ausgabe von pjsua2 kann kein gehashtes Passwort dieser Art verwenden.</translation>
    </message>
    <message>
        <source>The account cannot be used: error {status} of pjsip.</source>
        <translation>Das Konto kann nicht verwendet werden: Fehler {status} von pjsip.</translation>
    </message>
    <message>
        <source>The call cannot be held or resumed: {cause}.</source>
        <translation>Der Anruf kann nicht gehalten oder fortgesetzt werden: {cause}.</translation>
    </message>
    <message>
        <source>{host} is not known: no such host, or no network to ask.</source>
        <translation>{host} ist nicht bekannt: Es gibt keinen solchen Rechner, oder kein Netz, um zu fragen.</translation>
    </message>
    <message>
        <source>{uri} is not a SIP address; write sip:USER@HOST or sip:USER@HOST:PORT.</source>
        <translation>{uri} ist keine SIP-Adresse; schreiben Sie sip:NAME@RECHNER oder sip:NAME@RECHNER:PORT.</translation>
    </message>
    <message>
        <source>SIP does not travel over {transport}; use udp or tcp.</source>
        <translation>SIP geht nicht über {transport}; nehmen Sie udp oder tcp.</translation>
    </message>
    <message>
        <source>The database {path} cannot be used: {cause}.</source>
        <translation>Die Datenbank {path} kann nicht verwendet werden: {cause}.</translation>
    </message>
    <message>
        <source>The database {path} is damaged ({cause}). Nothing in it was changed: move it away, or put a copy of it back.</source>
        <translation>Die Datenbank {path} ist beschädigt ({cause}). Darin wurde nichts geändert: Legen Sie sie beiseite, oder spielen Sie eine Kopie zurück.</translation>
    </message>
    <message>
        <source>What is filed as {name} among the passwords is damaged; remove it there.</source>
        <translation>Was unter den Passwörtern als {name} abgelegt ist, ist beschädigt; entfernen Sie es dort.</translation>
    </message>
    <message>
        <source>The file of passwords {path} is damaged. It was not changed: put a copy of it back, or move it away and give the passwords again.</source>
        <translation>Die Passwortdatei {path} ist beschädigt. Sie wurde nicht geändert: Spielen Sie eine Kopie zurück, oder legen Sie sie beiseite und geben Sie die Passwörter neu ein.</translation>
    </message>
    <message>
        <source>The passwords in {path} cannot be read: {cause}.</source>
        <translation>Die Passwörter in {path} können nicht gelesen werden: {cause}.</translation>
    </message>
    <message>
        <source>The passwords in {path} cannot be written: {cause}.</source>
        <translation>Die Passwörter in {path} können nicht geschrieben werden: {cause}.</translation>
    </message>
    <message>
        <source>This list of peers is damaged, or a later version of Parley has exported it.</source>
        <translation>Diese Liste von Telefonen ist beschädigt, oder eine spätere Fassung von Parley hat sie ausgegeben.</translation>
    </message>
    <message>
        <source>This is not a list of peers that Parley has exported.</source>
        <translation>Das ist keine Liste von Telefonen, die Parley ausgegeben hat.</translation>
    </message>
</context>
</TS>
