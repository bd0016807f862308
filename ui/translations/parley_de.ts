<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AccountForm</name>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>name@pbx.example</source>
        <translation>name@anlage.example</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message>
        <source>Less</source>
        <translation>Weniger</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Your name, as others see it</source>
        <translation>Ihr Name, wie andere ihn sehen</translation>
    </message>
    <message>
        <source>Authentication user, if it is another</source>
        <translation>Anmeldename, falls er anders lautet</translation>
    </message>
    <message>
        <source>Outbound proxy</source>
        <translation>Ausgehender Proxy</translation>
    </message>
    <message>
        <source>Transport</source>
        <translation>Transport</translation>
    </message>
    <message>
        <source>Asking the server...</source>
        <translation>Der Server wird gefragt ...</translation>
    </message>
    <message>
        <source>Add account</source>
        <translation>Konto hinzufügen</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>Noch einmal prüfen</translation>
    </message>
</context>
<context>
    <name>AccountSettings</name>
    <message>
        <source>Accounts</source>
        <translation>Konten</translation>
    </message>
    <message>
        <source>Better: a new secret that nobody can guess.</source>
        <translation>Besser: ein neues Geheimnis, das niemand errät.</translation>
    </message>
    <message>
        <source>Connect again</source>
        <translation>Neu verbinden</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>Noch einmal prüfen</translation>
    </message>
    <message>
        <source>New secret...</source>
        <translation>Neues Geheimnis ...</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Remove it, and its password</source>
        <translation>Entfernen, samt Passwort</translation>
    </message>
    <message>
        <source>The server has taken the new secret.</source>
        <translation>Der Server hat das neue Geheimnis angenommen.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Add an account</source>
        <translation>Konto hinzufügen</translation>
    </message>
</context>
<context>
    <name>Accounts</name>
    <message>
        <source>No account</source>
        <translation>Kein Konto</translation>
    </message>
    <message>
        <source>{count} accounts ready</source>
        <translation>{count} Konten bereit</translation>
    </message>
    <message>
        <source>New voice messages: {count}</source>
        <translation>Neue Sprachnachrichten: {count}</translation>
    </message>
    <message>
        <source>New voice messages</source>
        <translation>Neue Sprachnachrichten</translation>
    </message>
    <message>
        <source>Voice messages kept: {count}</source>
        <translation>Aufbewahrte Sprachnachrichten: {count}</translation>
    </message>
    <message>
        <source>No voice messages</source>
        <translation>Keine Sprachnachrichten</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>bereit</translation>
    </message>
    <message>
        <source>connecting...</source>
        <translation>verbindet ...</translation>
    </message>
    <message>
        <source>not connected</source>
        <translation>nicht verbunden</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>gescheitert</translation>
    </message>
</context>
<context>
    <name>AlarmCard</name>
    <message>
        <source>Someone may be listening</source>
        <translation>Vielleicht hört jemand mit</translation>
    </message>
    <message>
        <source>Hang up</source>
        <translation>Auflegen</translation>
    </message>
    <message>
        <source>They misread it, try again</source>
        <translation>Verlesen, noch einmal</translation>
    </message>
    <message>
        <source>Compare the code now</source>
        <translation>Code jetzt vergleichen</translation>
    </message>
    <message>
        <source>Do not ask again for this address</source>
        <translation>Bei dieser Adresse nicht mehr fragen</translation>
    </message>
    <message>
        <source>Go on without encryption</source>
        <translation>Ohne Verschlüsselung weiter</translation>
    </message>
    <message>
        <source>Go on all the same</source>
        <translation>Trotzdem fortfahren</translation>
    </message>
</context>
<context>
    <name>CallControls</name>
    <message>
        <source>Unmute</source>
        <translation>Mikrofon an</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Stumm</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>Halten</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>Ton</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Keypad</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Hang up</source>
        <translation>Auflegen</translation>
    </message>
</context>
<context>
    <name>CallPage</name>
    <message>
        <source>Call</source>
        <translation>Anrufen</translation>
    </message>
    <message>
        <source>Other calls</source>
        <translation>Andere Gespräche</translation>
    </message>
    <message>
        <source>%1, %2: switch to it</source>
        <translation>%1, %2: dorthin wechseln</translation>
    </message>
    <message>
        <source>on hold</source>
        <translation>gehalten</translation>
    </message>
</context>
<context>
    <name>Calls</name>
    <message>
        <source>Calling...</source>
        <translation>Ruft an ...</translation>
    </message>
    <message>
        <source>Ringing...</source>
        <translation>Es klingelt ...</translation>
    </message>
    <message>
        <source>Incoming call</source>
        <translation>Eingehender Anruf</translation>
    </message>
</context>
<context>
    <name>Client</name>
    <message>
        <source>Parley&apos;s backend cannot be started: {reason}.</source>
        <translation>Der Dienst von Parley lässt sich nicht starten: {reason}.</translation>
    </message>
    <message>
        <source>Parley&apos;s backend is not running.</source>
        <translation>Der Dienst von Parley läuft nicht.</translation>
    </message>
    <message>
        <source>Parley&apos;s backend does not start.</source>
        <translation>Der Dienst von Parley startet nicht.</translation>
    </message>
    <message>
        <source>Parley&apos;s backend has gone. Calls that it carried have ended.</source>
        <translation>Der Dienst von Parley ist fort. Gespräche, die er trug, sind beendet.</translation>
    </message>
</context>
<context>
    <name>ContactForm</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Number or address</source>
        <translation>Nummer oder Adresse</translation>
    </message>
    <message>
        <source>104 or sip:name@pbx.example</source>
        <translation>104 oder sip:name@anlage.example</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
</context>
<context>
    <name>ContactRow</name>
    <message>
        <source>Available</source>
        <translation>Erreichbar</translation>
    </message>
    <message>
        <source>On the phone</source>
        <translation>Im Gespräch</translation>
    </message>
    <message>
        <source>Away</source>
        <translation>Nicht da</translation>
    </message>
    <message>
        <source>Call %1</source>
        <translation>%1 anrufen</translation>
    </message>
    <message>
        <source>Change %1</source>
        <translation>%1 ändern</translation>
    </message>
</context>
<context>
    <name>Contacts</name>
    <message>
        <source>Written: {count} contacts.</source>
        <translation>Geschrieben: {count} Kontakte.</translation>
    </message>
    <message>
        <source>{count} contacts are new here.</source>
        <translation>{count} Kontakte sind neu hier.</translation>
    </message>
    <message>
        <source>Encrypted whenever possible</source>
        <translation>Verschlüsselt, wenn es geht</translation>
    </message>
    <message>
        <source>Always encrypted</source>
        <translation>Immer verschlüsselt</translation>
    </message>
    <message>
        <source>Always encrypted, and proved</source>
        <translation>Immer verschlüsselt und nachgewiesen</translation>
    </message>
</context>
<context>
    <name>ContactsPage</name>
    <message>
        <source>Contacts</source>
        <translation>Kontakte</translation>
    </message>
    <message>
        <source>Add a contact</source>
        <translation>Kontakt hinzufügen</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Part of a name or address</source>
        <translation>Teil eines Namens oder einer Adresse</translation>
    </message>
    <message>
        <source>Nobody yet. Calls with contacts show their names, and the dial field completes them.</source>
        <translation>Noch niemand. Anrufe mit Kontakten zeigen deren Namen, und das Wählfeld ergänzt sie.</translation>
    </message>
    <message>
        <source>Nobody has this in the name or address.</source>
        <translation>Niemand hat das in Namen oder Adresse.</translation>
    </message>
    <message>
        <source>And %1 more: type a part of the name to find them.</source>
        <translation>Und %1 weitere: einen Teil des Namens eingeben, um sie zu finden.</translation>
    </message>
    <message>
        <source>Export...</source>
        <translation>Exportieren ...</translation>
    </message>
    <message>
        <source>Import...</source>
        <translation>Importieren ...</translation>
    </message>
</context>
<context>
    <name>Devices</name>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>Loudspeaker</source>
        <translation>Lautsprecher</translation>
    </message>
    <message>
        <source>Rings on</source>
        <translation>Klingelt auf</translation>
    </message>
    <message>
        <source>There is no microphone, or no loudspeaker. Calls go on without.</source>
        <translation>Es gibt kein Mikrofon oder keinen Lautsprecher. Gespräche gehen ohne sie weiter.</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
</context>
<context>
    <name>Dialler</name>
    <message>
        <source>Call</source>
        <translation>Anrufen</translation>
    </message>
    <message>
        <source>Keypad</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>Zuletzt</translation>
    </message>
    <message>
        <source>No account yet. You can call sip: addresses directly, or hear yourself first.</source>
        <translation>Noch kein Konto. Sie können sip:-Adressen direkt anrufen oder erst einmal sich selbst hören.</translation>
    </message>
    <message>
        <source>Starting the echo...</source>
        <translation>Das Echo startet ...</translation>
    </message>
    <message>
        <source>Try it now</source>
        <translation>Jetzt ausprobieren</translation>
    </message>
</context>
<context>
    <name>Files</name>
    <message>
        <source>The file cannot be written: {reason}.</source>
        <translation>Die Datei lässt sich nicht schreiben: {reason}.</translation>
    </message>
    <message>
        <source>The file is too large.</source>
        <translation>Die Datei ist zu groß.</translation>
    </message>
    <message>
        <source>The file cannot be read.</source>
        <translation>Die Datei lässt sich nicht lesen.</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message>
        <source>outgoing</source>
        <translation>ausgehend</translation>
    </message>
    <message>
        <source>incoming</source>
        <translation>eingehend</translation>
    </message>
    <message>
        <source>missed</source>
        <translation>verpasst</translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>No calls yet.</source>
        <translation>Noch keine Anrufe.</translation>
    </message>
    <message>
        <source>Add %1 to the contacts</source>
        <translation>%1 zu den Kontakten hinzufügen</translation>
    </message>
    <message>
        <source>Clear the history...</source>
        <translation>Verlauf leeren ...</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Forget all calls</source>
        <translation>Alle Anrufe vergessen</translation>
    </message>
</context>
<context>
    <name>IncomingCall</name>
    <message>
        <source>%1 is calling</source>
        <translation>%1 ruft an</translation>
    </message>
    <message>
        <source>Incoming call</source>
        <translation>Eingehender Anruf</translation>
    </message>
    <message>
        <source>Last time: %1</source>
        <translation>Letztes Mal: %1</translation>
    </message>
    <message>
        <source>No call with this address yet</source>
        <translation>Noch kein Gespräch mit dieser Adresse</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Annehmen</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>Ablehnen</translation>
    </message>
    <message>
        <source>Send to somebody else...</source>
        <translation>An jemand anderen schicken ...</translation>
    </message>
    <message>
        <source>Send the caller to</source>
        <translation>Anrufer schicken zu</translation>
    </message>
    <message>
        <source>Send there</source>
        <translation>Dorthin schicken</translation>
    </message>
</context>
<context>
    <name>Kept</name>
    <message>
        <source>{user} at {realm}</source>
        <translation>{user} bei {realm}</translation>
    </message>
    <message>
        <source>calls without a server</source>
        <translation>Anrufe ohne Server</translation>
    </message>
    <message>
        <source>until the backend ends</source>
        <translation>bis der Dienst von Parley endet</translation>
    </message>
</context>
<context>
    <name>KeptSettings</name>
    <message>
        <source>Secrets of those who call</source>
        <translation>Geheimnisse von Anrufern</translation>
    </message>
    <message>
        <source>Whoever calls with one of these sees that this end is the right one.</source>
        <translation>Wer mit einem davon anruft, sieht, dass er hier richtig ist.</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>Vergessen</translation>
    </message>
</context>
<context>
    <name>Keypad</name>
    <message>
        <source>Star</source>
        <translation>Stern</translation>
    </message>
    <message>
        <source>Hash</source>
        <translation>Raute</translation>
    </message>
</context>
<context>
    <name>LevelBand</name>
    <message>
        <source>Press to see why</source>
        <translation>Drücken, um den Grund zu sehen</translation>
    </message>
</context>
<context>
    <name>LiveCall</name>
    <message>
        <source>on hold</source>
        <translation>gehalten</translation>
    </message>
    <message>
        <source>held by the other side</source>
        <translation>von der Gegenseite gehalten</translation>
    </message>
    <message>
        <source>microphone off</source>
        <translation>Mikrofon aus</translation>
    </message>
    <message>
        <source>being recorded</source>
        <translation>wird aufgenommen</translation>
    </message>
    <message>
        <source>the other side may record</source>
        <translation>die Gegenseite nimmt vielleicht auf</translation>
    </message>
    <message>
        <source>in a conference</source>
        <translation>in einer Konferenz</translation>
    </message>
    <message>
        <source>Compare the code</source>
        <translation>Code vergleichen</translation>
    </message>
    <message>
        <source>Trusted from the next call on</source>
        <translation>Ab dem nächsten Anruf vertraut</translation>
    </message>
    <message>
        <source>It is my own PBX: trust it</source>
        <translation>Es ist meine eigene Anlage: ihr vertrauen</translation>
    </message>
</context>
<context>
    <name>Mailbox</name>
    <message>
        <source>Press to hear them</source>
        <translation>Drücken, um sie anzuhören</translation>
    </message>
    <message>
        <source>Press to see how to hear them</source>
        <translation>Drücken, um zu sehen, wie man sie anhört</translation>
    </message>
    <message>
        <source>The server does not say which number plays them. Often it is *97; whoever runs the server knows (voicemail_extension in Asterisk&apos;s pjsip.conf tells Parley).</source>
        <translation>Der Server sagt nicht, unter welcher Nummer man sie hört. Oft ist es *97; wer den Server betreibt, weiß es (voicemail_extension in der pjsip.conf von Asterisk teilt es Parley mit).</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>%1, %2 - Parley</source>
        <translation>%1, %2 - Parley</translation>
    </message>
    <message>
        <source>Starting...</source>
        <translation>Startet ...</translation>
    </message>
    <message>
        <source>Not running</source>
        <translation>Läuft nicht</translation>
    </message>
    <message>
        <source>Start it again</source>
        <translation>Neu starten</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>Anrufen</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>Kontakte</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Phones</source>
        <translation>Telefone</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Optionen</translation>
    </message>
</context>
<context>
    <name>Meter</name>
    <message>
        <source>%1: %2 %</source>
        <translation>%1: %2 %</translation>
    </message>
    <message>
        <source>%1, level</source>
        <translation>%1, Pegel</translation>
    </message>
</context>
<context>
    <name>MoreInCall</name>
    <message>
        <source>Send to</source>
        <translation>Weiterleiten an</translation>
    </message>
    <message>
        <source>Send on</source>
        <translation>Weiterleiten</translation>
    </message>
    <message>
        <source>Connect with %1, and leave</source>
        <translation>Mit %1 verbinden und gehen</translation>
    </message>
    <message>
        <source>Talk with %1 together</source>
        <translation>Mit %1 gemeinsam sprechen</translation>
    </message>
    <message>
        <source>Stop recording</source>
        <translation>Aufnahme beenden</translation>
    </message>
    <message>
        <source>Record...</source>
        <translation>Aufnehmen ...</translation>
    </message>
    <message>
        <source>In many places a call may be recorded only if everybody agrees. Ask first. The file is not encrypted.</source>
        <translation>Vielerorts darf ein Gespräch nur aufgenommen werden, wenn alle zustimmen. Fragen Sie zuerst. Die Datei ist nicht verschlüsselt.</translation>
    </message>
    <message>
        <source>They agree: record</source>
        <translation>Alle stimmen zu: aufnehmen</translation>
    </message>
    <message>
        <source>Do not record</source>
        <translation>Nicht aufnehmen</translation>
    </message>
</context>
<context>
    <name>NewSecret</name>
    <message>
        <source>The server does not take it: {reason} Are these lines there, and reloaded?</source>
        <translation>Der Server nimmt es nicht an: {reason} Stehen die Zeilen dort, und sind sie neu geladen?</translation>
    </message>
</context>
<context>
    <name>NewSecretCard</name>
    <message>
        <source>A new secret</source>
        <translation>Ein neues Geheimnis</translation>
    </message>
    <message>
        <source>Put these lines into pjsip.conf of your Asterisk, in place of the account&apos;s auth section, and reload it. Then use the secret here.</source>
        <translation>Setzen Sie diese Zeilen in die pjsip.conf Ihres Asterisk, anstelle des auth-Abschnitts des Kontos, und laden Sie sie neu. Danach benutzen Sie das Geheimnis hier.</translation>
    </message>
    <message>
        <source>Lines for pjsip.conf</source>
        <translation>Zeilen für pjsip.conf</translation>
    </message>
    <message>
        <source>For an older Asterisk: the secret itself, in place of its digests</source>
        <translation>Für ein älteres Asterisk: das Geheimnis selbst statt seiner Hashwerte</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Asking the server...</source>
        <translation>Der Server wird gefragt ...</translation>
    </message>
    <message>
        <source>They are there: use the secret</source>
        <translation>Sie stehen dort: Geheimnis benutzen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>OfferList</name>
    <message>
        <source>Cannot be switched off</source>
        <translation>Lässt sich nicht ausschalten</translation>
    </message>
    <message>
        <source>%1: offer it earlier</source>
        <translation>%1: früher anbieten</translation>
    </message>
    <message>
        <source>As Parley comes</source>
        <translation>Wie Parley es vorsieht</translation>
    </message>
</context>
<context>
    <name>OfferSettings</name>
    <message>
        <source>Codecs and algorithms</source>
        <translation>Codecs und Verfahren</translation>
    </message>
    <message>
        <source>Parley offers sound choices by itself. What you change here counts from the next call on; the best that both phones have is taken.</source>
        <translation>Parley bietet von selbst gute Verfahren an. Was Sie hier ändern, gilt ab dem nächsten Anruf; genommen wird das beste, das beide Telefone haben.</translation>
    </message>
    <message>
        <source>Hide them</source>
        <translation>Verbergen</translation>
    </message>
    <message>
        <source>Show them</source>
        <translation>Zeigen</translation>
    </message>
</context>
<context>
    <name>Offers</name>
    <message>
        <source>Codecs</source>
        <translation>Codecs</translation>
    </message>
    <message>
        <source>Key agreement</source>
        <translation>Schlüsselvereinbarung</translation>
    </message>
    <message>
        <source>Cipher</source>
        <translation>Chiffre</translation>
    </message>
    <message>
        <source>Authentication of packets</source>
        <translation>Echtheit der Pakete</translation>
    </message>
    <message>
        <source>Hash</source>
        <translation>Hashfunktion</translation>
    </message>
    <message>
        <source>Code to compare</source>
        <translation>Code zum Vergleichen</translation>
    </message>
    <message>
        <source>Diffie-Hellman, 3072 bits</source>
        <translation>Diffie-Hellman, 3072 Bit</translation>
    </message>
    <message>
        <source>Diffie-Hellman, 2048 bits</source>
        <translation>Diffie-Hellman, 2048 Bit</translation>
    </message>
    <message>
        <source>further streams of the same call</source>
        <translation>weitere Ströme desselben Anrufs</translation>
    </message>
    <message>
        <source>a secret of earlier calls, without new keys</source>
        <translation>ein Geheimnis früherer Anrufe, ohne neue Schlüssel</translation>
    </message>
    <message>
        <source>four characters</source>
        <translation>vier Zeichen</translation>
    </message>
    <message>
        <source>two words</source>
        <translation>zwei Wörter</translation>
    </message>
</context>
<context>
    <name>PastCall</name>
    <message>
        <source>Call %1</source>
        <translation>%1 anrufen</translation>
    </message>
</context>
<context>
    <name>Peers</name>
    <message>
        <source>Written: {count} phones, and no key.</source>
        <translation>Geschrieben: {count} Telefone und kein Schlüssel.</translation>
    </message>
    <message>
        <source>{count} phones are new here; verify them when you talk.</source>
        <translation>{count} Telefone sind hier neu; prüfen Sie sie beim nächsten Gespräch.</translation>
    </message>
    <message>
        <source>Verified since {date}</source>
        <translation>Geprüft seit {date}</translation>
    </message>
    <message>
        <source>Not verified</source>
        <translation>Nicht geprüft</translation>
    </message>
    <message>
        <source>Last call {date}</source>
        <translation>Letztes Gespräch {date}</translation>
    </message>
    <message>
        <source>Has proved a secret that is kept here, last on {date}</source>
        <translation>Hat ein hier aufbewahrtes Geheimnis bewiesen, zuletzt am {date}</translation>
    </message>
    <message>
        <source>Has proved the secret of {account}, last on {date}</source>
        <translation>Hat das Geheimnis von {account} bewiesen, zuletzt am {date}</translation>
    </message>
</context>
<context>
    <name>PeersPage</name>
    <message>
        <source>Phones you know</source>
        <translation>Bekannte Telefone</translation>
    </message>
    <message>
        <source>After the first encrypted call a phone appears here. Compare the code with its owner once, and Parley recognises it from then on.</source>
        <translation>Nach dem ersten verschlüsselten Gespräch erscheint ein Telefon hier. Vergleichen Sie einmal den Code mit seinem Besitzer, und Parley erkennt es von da an.</translation>
    </message>
    <message>
        <source>Each phone has a key of its own. Verified: you have compared the code with its owner.</source>
        <translation>Jedes Telefon hat einen eigenen Schlüssel. Geprüft heißt: Sie haben den Code mit seinem Besitzer verglichen.</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Not verified any more</source>
        <translation>Nicht mehr geprüft</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>Vergessen</translation>
    </message>
    <message>
        <source>Whose phone is it?</source>
        <translation>Wessen Telefon ist das?</translation>
    </message>
    <message>
        <source>Its key goes too: at the next call it is a stranger here, and to its owner your key will seem to have changed.</source>
        <translation>Auch sein Schlüssel geht verloren: Beim nächsten Anruf ist es hier ein Fremder, und dort wird Ihr Schlüssel verändert erscheinen.</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Forget it</source>
        <translation>Vergessen</translation>
    </message>
    <message>
        <source>Export...</source>
        <translation>Exportieren ...</translation>
    </message>
    <message>
        <source>Import...</source>
        <translation>Importieren ...</translation>
    </message>
</context>
<context>
    <name>PolicyChoice</name>
    <message>
        <source>Encryption of its calls</source>
        <translation>Verschlüsselung seiner Gespräche</translation>
    </message>
    <message>
        <source>As the account</source>
        <translation>Wie das Konto</translation>
    </message>
    <message>
        <source>Whenever possible</source>
        <translation>Wann immer möglich</translation>
    </message>
    <message>
        <source>Always: nothing is sent or heard without</source>
        <translation>Immer: ohne sie wird nichts gesendet oder gehört</translation>
    </message>
    <message>
        <source>Always, and the other end proves itself</source>
        <translation>Immer, und die Gegenstelle weist sich aus</translation>
    </message>
</context>
<context>
    <name>Quality</name>
    <message>
        <source>Press to see the numbers</source>
        <translation>Drücken, um die Zahlen zu sehen</translation>
    </message>
</context>
<context>
    <name>ReportSettings</name>
    <message>
        <source>When something is wrong</source>
        <translation>Wenn etwas nicht stimmt</translation>
    </message>
    <message>
        <source>Hide the log</source>
        <translation>Protokoll verbergen</translation>
    </message>
    <message>
        <source>Show the log</source>
        <translation>Protokoll zeigen</translation>
    </message>
    <message>
        <source>Copy a report</source>
        <translation>Bericht kopieren</translation>
    </message>
    <message>
        <source>The report has versions and the log; names, numbers, keys and passwords are left out.</source>
        <translation>Der Bericht enthält Versionen und das Protokoll; Namen, Nummern, Schlüssel und Passwörter fehlen darin.</translation>
    </message>
    <message>
        <source>Copied: paste it into a mail or a report of a fault.</source>
        <translation>Kopiert: fügen Sie ihn in eine E-Mail oder eine Fehlermeldung ein.</translation>
    </message>
    <message>
        <source>The log is empty.</source>
        <translation>Das Protokoll ist leer.</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
</context>
<context>
    <name>SasCard</name>
    <message>
        <source>Verified</source>
        <translation>Geprüft</translation>
    </message>
    <message>
        <source>Compare the code</source>
        <translation>Code vergleichen</translation>
    </message>
    <message>
        <source>Is it really %1?</source>
        <translation>Ist es wirklich %1?</translation>
    </message>
    <message>
        <source>Both of you see a code. Read yours aloud, let the other person read theirs, and type what you hear.</source>
        <translation>Beide sehen einen Code. Lesen Sie Ihren vor, lassen Sie sich den anderen vorlesen, und tippen Sie, was Sie hören.</translation>
    </message>
    <message>
        <source>Your code: %1</source>
        <translation>Ihr Code: %1</translation>
    </message>
    <message>
        <source>The echo is a machine, so here is what a person would read to you: %1</source>
        <translation>Das Echo ist eine Maschine; ein Mensch würde Ihnen dies vorlesen: %1</translation>
    </message>
    <message>
        <source>The two words you hear</source>
        <translation>Die zwei Wörter, die Sie hören</translation>
    </message>
    <message>
        <source>The four characters you hear</source>
        <translation>Die vier Zeichen, die Sie hören</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Später</translation>
    </message>
    <message>
        <source>The codes match. Nobody is in between.</source>
        <translation>Die Codes stimmen überein. Niemand ist dazwischen.</translation>
    </message>
    <message>
        <source>Whose phone is it?</source>
        <translation>Wessen Telefon ist das?</translation>
    </message>
    <message>
        <source>Remember</source>
        <translation>Merken</translation>
    </message>
</context>
<context>
    <name>Security</name>
    <message>
        <source>Not encrypted</source>
        <translation>Nicht verschlüsselt</translation>
    </message>
    <message>
        <source>Encrypted to the server</source>
        <translation>Verschlüsselt bis zum Server</translation>
    </message>
    <message>
        <source>Encrypted, not verified</source>
        <translation>Verschlüsselt, nicht geprüft</translation>
    </message>
    <message>
        <source>Authenticated</source>
        <translation>Ausgewiesen</translation>
    </message>
    <message>
        <source>Verified</source>
        <translation>Geprüft</translation>
    </message>
    <message>
        <source>The line is poor</source>
        <translation>Die Verbindung ist schlecht</translation>
    </message>
    <message>
        <source>The line is fair</source>
        <translation>Die Verbindung ist mäßig</translation>
    </message>
    <message>
        <source>The line is good</source>
        <translation>Die Verbindung ist gut</translation>
    </message>
    <message>
        <source>{codec}. Lost {lost} %, jitter {jitter} ms, round trip {trip} ms.</source>
        <translation>{codec}. Verlust {lost} %, Schwankung {jitter} ms, Umlauf {trip} ms.</translation>
    </message>
    <message>
        <source>Key changed</source>
        <translation>Schlüssel verändert</translation>
    </message>
    <message>
        <source>Codes do not match</source>
        <translation>Die Codes stimmen nicht überein</translation>
    </message>
    <message>
        <source>Secrets differ</source>
        <translation>Die Geheimnisse sind verschieden</translation>
    </message>
    <message>
        <source>Securing...</source>
        <translation>Wird gesichert ...</translation>
    </message>
    <message>
        <source>Waiting for proof</source>
        <translation>Wartet auf den Nachweis</translation>
    </message>
    <message>
        <source>Protection lost</source>
        <translation>Schutz verloren</translation>
    </message>
    <message>
        <source>Protection missing since {date}</source>
        <translation>Schutz fehlt seit {date}</translation>
    </message>
    <message>
        <source>Verified with {name} since {date}</source>
        <translation>Geprüft mit {name} seit {date}</translation>
    </message>
    <message>
        <source>Authenticated to {realm}</source>
        <translation>Ausgewiesen als {realm}</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>Optionen</translation>
    </message>
</context>
<context>
    <name>SoundInCall</name>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>Loudspeaker</source>
        <translation>Lautsprecher</translation>
    </message>
</context>
<context>
    <name>SoundSettings</name>
    <message>
        <source>Sound</source>
        <translation>Ton</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>Loudspeaker</source>
        <translation>Lautsprecher</translation>
    </message>
    <message>
        <source>Try the loudspeaker</source>
        <translation>Lautsprecher probieren</translation>
    </message>
    <message>
        <source>Try the ringer</source>
        <translation>Klingel probieren</translation>
    </message>
    <message>
        <source>Call the echo</source>
        <translation>Echo anrufen</translation>
    </message>
    <message>
        <source>The echo, on this computer, says what you say a moment later: that is how to try the microphone.</source>
        <translation>Das Echo auf diesem Rechner sagt einen Moment später, was Sie sagen: so probiert man das Mikrofon.</translation>
    </message>
    <message>
        <source>Take echo and noise out of what I say</source>
        <translation>Echo und Geräusche aus dem entfernen, was ich sage</translation>
    </message>
    <message>
        <source>Make me as loud as others, however far the microphone is</source>
        <translation>Mich so laut machen wie andere, wie weit das Mikrofon auch weg ist</translation>
    </message>
    <message>
        <source>Tell other phones that calls may be recorded</source>
        <translation>Anderen Telefonen sagen, dass Gespräche aufgenommen werden können</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Open Parley</source>
        <translation>Parley öffnen</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>{name} is calling</source>
        <translation>{name} ruft an</translation>
    </message>
</context>
<context>
    <name>WelcomePage</name>
    <message>
        <source>Welcome</source>
        <translation>Willkommen</translation>
    </message>
    <message>
        <source>Calls that are private by themselves</source>
        <translation>Gespräche, die von selbst vertraulich sind</translation>
    </message>
    <message>
        <source>Two phones agree on keys by themselves. You read a short code to each other once, and from then on Parley recognises that phone.</source>
        <translation>Zwei Telefone einigen sich selbst auf Schlüssel. Sie lesen einander einmal einen kurzen Code vor, und von da an erkennt Parley dieses Telefon.</translation>
    </message>
    <message>
        <source>Hear yourself</source>
        <translation>Sich selbst hören</translation>
    </message>
    <message>
        <source>A secure call to an echo on this computer. No account, nothing leaves the machine.</source>
        <translation>Ein sicheres Gespräch mit einem Echo auf diesem Rechner. Ohne Konto, nichts verlässt das Gerät.</translation>
    </message>
    <message>
        <source>Starting the echo...</source>
        <translation>Das Echo startet ...</translation>
    </message>
    <message>
        <source>Try it now</source>
        <translation>Jetzt ausprobieren</translation>
    </message>
    <message>
        <source>Your account</source>
        <translation>Ihr Konto</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Nicht jetzt</translation>
    </message>
</context>
<context>
    <name>Whom</name>
    <message>
        <source>Number, name or sip: address</source>
        <translation>Nummer, Name oder Adresse</translation>
    </message>
</context>
<context>
    <name>WindowSettings</name>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Text size: %1 %</source>
        <translation>Textgröße: %1 %</translation>
    </message>
    <message>
        <source>Stay beside the clock when the window is closed</source>
        <translation>Neben der Uhr bleiben, wenn das Fenster geschlossen wird</translation>
    </message>
    <message>
        <source>Start at login</source>
        <translation>Beim Anmelden starten</translation>
    </message>
</context>
</TS>
