/** What helps against faults of whether a stream arrives, and how evenly: by the English step, in German. */
export const STREAM_STEPS: Readonly<Record<string, string>> = {
  'Check the encoder: is it on, does it say that it is streaming, and to the right server and stream key?':
    'Encoder prüfen: Ist er an, meldet er, dass er streamt, und zwar an den richtigen Server mit dem richtigen Stream-Key?',
  'Start the stream on the encoder again; if it says that it is live, compare its server and stream key letter by letter.':
    'Den Stream am Encoder neu starten; meldet der Encoder, dass er sendet, Server und Stream-Key Buchstabe für Buchstabe vergleichen.',
  'Check the internet connection of the encoder; if you have a second one, change to it.':
    'Die Internetverbindung des Encoders prüfen; gibt es eine zweite, auf diese wechseln.',
  'Check whether the server or platform reports a fault; if you have a backup stream, change to it.':
    'Prüfen, ob Server oder Plattform eine Störung melden; gibt es einen Backup-Stream, auf diesen wechseln.',
  'If the event is over, tell the monitor so: "Event is over" on the page Stream of its dashboard, or an expect message.':
    'Ist die Veranstaltung vorbei, das dem Monitor sagen: „Event is over“ auf der Seite Stream seines Dashboards, oder eine expect-Nachricht.',
  'Check the encoder: is it still sending, and is its picture moving?':
    'Encoder prüfen: Sendet er noch, und bewegt sich sein Bild?',
  'Check the network of the encoder: cable, Wi-Fi, and whether something else uses the uplink.':
    'Das Netz des Encoders prüfen: Kabel, WLAN, und ob etwas anderes den Uplink belegt.',
  'If it does not come back within seconds, stop the stream on the encoder and start it again.':
    'Kommt der Stream nicht innerhalb von Sekunden wieder, ihn am Encoder stoppen und neu starten.',
  'On the encoder, look why it reconnects: its log, or its status, says whether the network or the server ended it.':
    'Am Encoder nachsehen, warum er neu verbindet: Log oder Status sagen, ob das Netz oder der Server die Verbindung beendet hat.',
  'Check whether a second encoder sends with the same stream key: each then throws the other out.':
    'Prüfen, ob ein zweiter Encoder mit demselben Stream-Key sendet: Dann verdrängt jeder den anderen.',
  'Put the encoder on a cable instead of Wi-Fi, or on your second connection.':
    'Den Encoder per Kabel statt über WLAN anschließen, oder an die zweite Internetverbindung.',
  'Lower the bitrate of the encoder, by a quarter to begin with.':
    'Die Bitrate des Encoders senken, zunächst um ein Viertel.',
  'Treat it as unwatched: look yourself, a stream with a player or on the platform.':
    'Als unbeobachtet behandeln: selbst hinsehen, bei einem Stream mit einem Player oder auf der Plattform.',
  'Read the reason in the summary: it names what the monitor lacks.':
    'Den Grund in der Zusammenfassung lesen: Sie nennt, was dem Monitor fehlt.',
  'On the host of the monitor, check whether CPU and memory are free and, for a stream, whether ffprobe is there; then deploy again.':
    'Auf dem Rechner des Monitors prüfen, ob CPU und Speicher frei sind und, bei einem Stream, ob ffprobe vorhanden ist; dann neu deployen.',
  'Compare the name and the port of the server with those in the encoder.':
    'Name und Port des Servers mit denen im Encoder vergleichen.',
  'Check whether the computer on which this runs has a network: open a web page.':
    'Prüfen, ob der Rechner, auf dem der Monitor läuft, Netz hat: eine Webseite öffnen.',
  'Ask whoever runs the server whether it is up, and whether a firewall is in the way.':
    'Beim Betreiber des Servers nachfragen, ob der Server läuft und ob eine Firewall im Weg ist.',
  'Start the stream on the encoder, wait until it says that it is live, and try again.':
    'Den Stream am Encoder starten, warten, bis er als live gemeldet wird, und erneut versuchen.',
  'If it is live already, the key is not the one the encoder sends with: compare the address letter by letter with the one in the encoder, server, application and stream key.':
    'Ist er schon live, sendet der Encoder mit einem anderen Key: die Adresse Buchstabe für Buchstabe mit der im Encoder vergleichen: Server, Anwendung und Stream-Key.',
  'If the server starts its source only for somebody who watches, open the stream in a player, leave that running, and try again.':
    'Startet der Server seine Quelle nur, wenn jemand zusieht, den Stream in einem Player öffnen, diesen laufen lassen und erneut versuchen.',
  'Ask whoever runs the server whether the stream arrives there.':
    'Beim Betreiber des Servers nachfragen, ob der Stream dort ankommt.',
  'If the event is over, stop the encoder: picture and sound of the room still go out.':
    'Ist die Veranstaltung vorbei, den Encoder stoppen: Bild und Ton aus dem Raum gehen noch hinaus.',
  'If it goes on, press "It goes on" on the page Stream of the dashboard, or send an expect message: then alarms are on again.':
    'Geht sie weiter, „It goes on“ auf der Seite Stream des Dashboards drücken oder eine expect-Nachricht senden: Dann sind die Alarme wieder an.',
  'If it is meant to go out without alarms, nothing has to be done: this is told once, and is over when the stream ends.':
    'Soll der Stream ohne Alarme weiterlaufen, ist nichts zu tun: Das wird einmal gemeldet und endet mit dem Stream.',
  'On the encoder, check whether the camera or the switcher is connected and chosen as the source.':
    'Am Encoder prüfen, ob die Kamera oder der Bildmischer angeschlossen und als Quelle gewählt ist.',
  'Stop the stream on the encoder and start it again.': 'Den Stream am Encoder stoppen und neu starten.',
  'Is the codec HEVC, AV1 or VP9, and the server nginx with its RTMP module? Up to 1.2.2 that passes on the sound alone: choose H.264 on the encoder, or another server (MediaMTX, SRS, node-media-server).':
    'Ist der Codec HEVC, AV1 oder VP9 und der Server nginx mit seinem RTMP-Modul? Bis 1.2.2 gibt es nur den Ton weiter: am Encoder H.264 wählen oder einen anderen Server (MediaMTX, SRS, node-media-server).',
  'If this stream is meant to have no video, set its "media" to "audio".':
    'Soll dieser Stream kein Video haben, sein „media“ auf „audio“ setzen.',
  'On the encoder, check whether an audio source is chosen and its level meter moves.':
    'Am Encoder prüfen, ob eine Tonquelle gewählt ist und ihr Pegel ausschlägt.',
  'Stop the stream on the encoder and start it again: most encoders add a track only at the start.':
    'Den Stream am Encoder stoppen und neu starten: Die meisten Encoder fügen eine Spur nur beim Start hinzu.',
  'If this stream is meant to have no audio, set its "media" to "video".':
    'Soll dieser Stream keinen Ton haben, sein „media“ auf „video“ setzen.',
  'Stop the stream on the encoder and start it again: its clock has stopped.':
    'Den Stream am Encoder stoppen und neu starten: Seine Uhr steht.',
  'If it comes back, restart the encoder itself, and look whether its source still delivers: camera, capture card, cable.':
    'Tritt es wieder auf, den Encoder selbst neu starten und prüfen, ob seine Quelle noch liefert: Kamera, Capture-Karte, Kabel.',
  'If something passes the stream on (a relay, a bonding service), restart it there too, or go around it.':
    'Leitet etwas den Stream weiter (ein Relay, ein Bonding-Dienst), es ebenfalls neu starten oder umgehen.',
  'Stop the stream on the encoder and start it again: an encoder sends the configuration once, when it begins.':
    'Den Stream am Encoder stoppen und neu starten: Ein Encoder sendet die Konfiguration einmal, am Anfang.',
  'If it comes back, look at what is between the encoder and this server (a relay, a cloud switcher): it must hand the sequence headers on to who joins later. Restart it, or send to the server without it.':
    'Tritt es wieder auf, prüfen, was zwischen Encoder und diesem Server liegt (ein Relay, ein Cloud-Mischer): Es muss die Sequence Header an später Hinzukommende weitergeben. Neu starten, oder ohne es an den Server senden.',
  'Update the encoder, or choose another video encoder in its settings.':
    'Den Encoder aktualisieren oder in seinen Einstellungen einen anderen Video-Encoder wählen.',
  'Update the encoder, or choose another audio encoder in its settings.':
    'Den Encoder aktualisieren oder in seinen Einstellungen einen anderen Audio-Encoder wählen.',
  'On the encoder, look for dropped frames, network congestion or an overloaded CPU.':
    'Am Encoder nach verworfenen Bildern, Netzüberlastung oder überlasteter CPU suchen.',
  'Stop whatever else uses the uplink: uploads, backups, guests on the Wi-Fi.':
    'Beenden, was sonst den Uplink belegt: Uploads, Backups, Gäste im WLAN.',
  'Put the encoder on a cable instead of Wi-Fi.': 'Den Encoder per Kabel statt über WLAN anschließen.',
  'Check what the encoder sends: a file must be played at its own speed (ffmpeg: -re).':
    'Prüfen, was der Encoder sendet: Eine Datei muss in ihrer eigenen Geschwindigkeit abgespielt werden (ffmpeg: -re).',
  'On the encoder, check whether the frame rate that it is set to is that of the camera.':
    'Am Encoder prüfen, ob die eingestellte Bildrate die der Kamera ist.',
  'If it comes again, lower the bitrate of the encoder, by a quarter to begin with.':
    'Tritt es wieder auf, die Bitrate des Encoders senken, zunächst um ein Viertel.',
  'On the encoder, look for dropped frames. If it drops them because of the network, lower its bitrate by a quarter.':
    'Am Encoder nach verworfenen Bildern suchen. Verwirft er sie wegen des Netzes, seine Bitrate um ein Viertel senken.',
  'If it drops them because of rendering or encoding, close other programs, or choose a smaller picture or a faster preset.':
    'Verwirft er sie beim Rendern oder Encodieren, andere Programme schließen oder ein kleineres Bild oder ein schnelleres Preset wählen.',
  'Check whether the camera delivers all frames: in the dark some halve them.':
    'Prüfen, ob die Kamera alle Bilder liefert: Im Dunkeln halbieren manche die Bildrate.',
  'On the encoder, look for dropped frames, network congestion, or a bitrate that it lowers by itself.':
    'Am Encoder nach verworfenen Bildern, Netzüberlastung oder einer von selbst gesenkten Bitrate suchen.',
  'If it goes on, set the bitrate on the encoder to what still arrives, less a quarter.':
    'Hält es an, die Bitrate am Encoder auf das setzen, was noch ankommt, weniger ein Viertel.',
  'Watch the stream yourself for a minute: does the picture stutter, or does sound leave the picture?':
    'Den Stream eine Minute lang selbst ansehen: Ruckelt das Bild, oder läuft der Ton vom Bild weg?',
  'If it does, stop the stream on the encoder and start it again.':
    'Wenn ja, den Stream am Encoder stoppen und neu starten.',
  'If it comes back, look for a clock change, a switch of source or a second sender with the same stream key.':
    'Tritt es wieder auf, nach einer verstellten Uhr, einem Wechsel der Quelle oder einem zweiten Sender mit demselben Stream-Key suchen.',
  'Watch the stream: do lips and voice go together?': 'Den Stream ansehen: Passen Lippen und Stimme zusammen?',
  'If not, stop the stream on the encoder and start it again.':
    'Wenn nicht, den Stream am Encoder stoppen und neu starten.',
  'If it comes back, check the delays that are set on the encoder, and whether picture and sound come from one device.':
    'Tritt es wieder auf, die am Encoder eingestellten Verzögerungen prüfen, und ob Bild und Ton von einem Gerät kommen.',
  'On the encoder, set a fixed key frame interval of 2 s.':
    'Am Encoder einen festen Keyframe-Abstand von 2 s einstellen.',
  'Switch off scene detection (x264: scenecut=0) and adaptive GOP.':
    'Szenenerkennung (x264: scenecut=0) und adaptive GOP abschalten.',
  'If viewers see no trouble, it can stay until the event is over.':
    'Merken die Zuschauer nichts davon, kann es bis zum Ende der Veranstaltung so bleiben.',
  'If somebody changed the settings of the encoder on purpose, there is nothing to do.':
    'Hat jemand die Einstellungen des Encoders absichtlich geändert, ist nichts zu tun.',
  'Otherwise check the encoder: a second sender, a changed preset or another source can be behind it.':
    'Sonst den Encoder prüfen: Ein zweiter Sender, ein geändertes Preset oder eine andere Quelle kann dahinterstecken.',
  'Watch the stream on the platform: some players stop at a change, and then the stream must be started again.':
    'Den Stream auf der Plattform ansehen: Manche Player bleiben bei einem Wechsel stehen; dann muss der Stream neu gestartet werden.',
  'Compare the port of the address with that of the server: 1935 is the usual one of RTMP.':
    'Den Port der Adresse mit dem des Servers vergleichen: 1935 ist der übliche von RTMP.',
  'If the server asks for a user, a password or a token, check whether the address holds the right one.':
    'Verlangt der Server einen Benutzer, ein Passwort oder ein Token, prüfen, ob die Adresse das richtige enthält.',
  'Ask whoever runs the server whether it is up.': 'Beim Betreiber des Servers nachfragen, ob der Server läuft.',
  'Check the encoder: is it still sending, or does it connect again and again?':
    'Encoder prüfen: Sendet er noch, oder verbindet er immer wieder neu?',
  'Stop the stream on the encoder, start it again, and try again.':
    'Den Stream am Encoder stoppen, neu starten und erneut versuchen.',
}
