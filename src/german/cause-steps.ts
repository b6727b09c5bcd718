/** What helps against faults of causes: by the English step, in German. */
export const CAUSE_STEPS: Readonly<Record<string, string>> = {
  'Start the stream on the encoder, if the event goes on.':
    'Den Stream am Encoder starten, wenn die Veranstaltung weitergeht.',
  'If the event is over, tell the monitor so: "Event is over" on the page Stream of its dashboard.':
    'Ist die Veranstaltung vorbei, das dem Monitor sagen: „Event is over“ auf der Seite Stream seines Dashboards.',
  'Look at the picture that goes into the encoder: is the camera on, is the right input chosen?':
    'Das Bild ansehen, das in den Encoder geht: Ist die Kamera an, ist der richtige Eingang gewählt?',
  'Check the video cable between camera, mixer and encoder, at both ends.':
    'Das Videokabel zwischen Kamera, Mischer und Encoder an beiden Enden prüfen.',
  'Show a still picture or another camera until it is found.':
    'Ein Standbild oder eine andere Kamera zeigen, bis der Fehler gefunden ist.',
  'Look at the meters of the mixer and of the encoder: which is the last one that shows sound?':
    'Die Pegelanzeigen von Mischpult und Encoder ansehen: Welche zeigt als letzte noch Ton?',
  'Check mute switches, the fader of the output that goes to the encoder, and its cable.':
    'Stummschaltungen, den Regler des Ausgangs zum Encoder und dessen Kabel prüfen.',
  'Check the batteries of radio microphones.': 'Die Batterien der Funkmikrofone prüfen.',
  'Look at the encoder: has it power, and does its screen or its light say that it streams?':
    'Den Encoder ansehen: Hat er Strom, und sagt sein Bildschirm oder seine Leuchte, dass er streamt?',
  'Check its network cable at both ends.': 'Sein Netzwerkkabel an beiden Enden prüfen.',
  'Switch it off and on, and start the stream again.': 'Ihn aus- und einschalten und den Stream neu starten.',
  'Look at the encoder: does its picture still move, and does its time on the air go on?':
    'Den Encoder ansehen: Bewegt sich sein Bild noch, und läuft seine Sendezeit weiter?',
  'Stop the stream on the encoder and start it again; if that does not help, switch it off and on.':
    'Den Stream am Encoder stoppen und neu starten; hilft das nicht, ihn aus- und einschalten.',
  'Check whether something else runs on the encoding computer.':
    'Prüfen, ob auf dem Encoder-Rechner noch etwas anderes läuft.',
  'Close whatever else runs on the encoding computer.': 'Schließen, was sonst auf dem Encoder-Rechner läuft.',
  'Choose a faster preset, a lower resolution or half the frame rate.':
    'Ein schnelleres Preset, eine kleinere Auflösung oder die halbe Bildrate wählen.',
  'Let the graphics card encode, where it can.': 'Die Grafikkarte encodieren lassen, wo sie es kann.',
  'Check that the encoder has both, picture and sound, as inputs, and that neither is switched off in its settings.':
    'Prüfen, ob der Encoder Bild und Ton als Eingänge hat und keines von beiden in seinen Einstellungen abgeschaltet ist.',
  'Change the setting that is named, before the next event if this one can go on with it.':
    'Die genannte Einstellung ändern, vor der nächsten Veranstaltung, wenn diese damit weitergehen kann.',
  'Look at the encoder: does it connect again by itself?': 'Den Encoder ansehen: Verbindet er von selbst neu?',
  'Check its network cable, or put it on a cable instead of Wi-Fi.':
    'Sein Netzwerkkabel prüfen, oder ihn per Kabel statt über WLAN anschließen.',
  'If it is turned away again: compare server and stream key with those of the server, and look for a second encoder that uses the key.':
    'Wird er wieder abgewiesen: Server und Stream-Key mit denen des Servers vergleichen und nach einem zweiten Encoder suchen, der den Key verwendet.',
  'Look at the bitrate that the encoder is set to: has somebody lowered it, or does it lower it by itself?':
    'Die am Encoder eingestellte Bitrate ansehen: Hat jemand sie gesenkt, oder senkt er sie von selbst?',
  'Look at the picture that goes into it: one that is black or stands still needs less.':
    'Das Bild ansehen, das hineingeht: Ein schwarzes oder stehendes braucht weniger.',
  'Leave it so until the event is over, if the picture is good enough for viewers.':
    'Bis zum Ende der Veranstaltung so lassen, wenn das Bild für die Zuschauer gut genug ist.',
  'Ask whoever runs the encoder whether the change was meant.':
    'Beim Bediener des Encoders nachfragen, ob die Änderung gewollt war.',
  'Set the encoder as before, at a pause of the event, if it was not.':
    'War sie es nicht, den Encoder in einer Pause der Veranstaltung wieder wie zuvor einstellen.',
  'If the cache goes on rising: at a pause of the event, lower the bitrate of the encoder to half of what the line carries.':
    'Steigt der Puffer weiter: in einer Pause der Veranstaltung die Bitrate des Encoders auf die Hälfte dessen senken, was die Leitung trägt.',
  'Check power and lights of router and switch, and switch them off and on.':
    'Strom und Leuchten von Router und Switch prüfen und sie aus- und einschalten.',
  'Connect the encoder by cable to the router itself, past Wi-Fi and switches.':
    'Den Encoder per Kabel direkt an den Router anschließen, an WLAN und Switches vorbei.',
  'Look at the picture and listen: where both are well, leave the encoder alone until the event is over.':
    'Sehen Sie sich das Bild an und hören Sie hin: Ist beides in Ordnung, lassen Sie den Encoder bis zum Ende der Veranstaltung in Ruhe.',
  'Then check its address and password in the targets of the monitor, and switch it off and on.':
    'Prüfen Sie danach seine Adresse und sein Passwort in den Zielen des Monitors, und schalten Sie ihn aus und wieder ein.',
  'Connect the encoder by cable instead of Wi-Fi; where it is, take another cable and another port of the switch.':
    'Schließen Sie den Encoder per Kabel statt WLAN an; ist er das schon, nehmen Sie ein anderes Kabel und einen anderen Anschluss am Switch.',
  'Bring Wi-Fi and encoder closer together, and let nothing else use that Wi-Fi.':
    'Bringen Sie WLAN und Encoder näher zusammen, und lassen Sie nichts anderes dieses WLAN benutzen.',
  'Ask whoever runs the network of the venue to let TCP port 1935 out, or 443 for RTMPS.':
    'Bitten Sie den Betreiber des Netzes am Veranstaltungsort, TCP-Port 1935 nach außen freizugeben, oder 443 für RTMPS.',
  'Send by RTMPS, where encoder and server can: it looks like web traffic.':
    'Senden Sie per RTMPS, wenn Encoder und Server es können: Es sieht aus wie Web-Verkehr.',
  'Watch fewer streams from here, or from a place with a wider line: each is read whole.':
    'Überwachen Sie von hier weniger Streams, oder von einem Ort mit breiterer Leitung: Jeder wird ganz gelesen.',
  'Let nothing else use the line of the computer on which the monitor runs.':
    'Lassen Sie nichts anderes die Leitung des Rechners benutzen, auf dem der Monitor läuft.',
  'Use a mobile phone as the network of the encoder until it is found.':
    'Ein Mobiltelefon als Netz des Encoders verwenden, bis der Fehler gefunden ist.',
  'Let nothing else use the uplink: stop uploads, backups and video calls at the venue.':
    'Nichts anderes den Uplink nutzen lassen: Uploads, Backups und Videoanrufe am Veranstaltungsort beenden.',
  'Lower the bitrate of the encoder to half of what the line carries.':
    'Die Bitrate des Encoders auf die Hälfte dessen senken, was die Leitung trägt.',
  'Connect the encoder by cable instead of Wi-Fi, or use another line.':
    'Den Encoder per Kabel statt über WLAN anschließen oder eine andere Leitung nutzen.',
  'Open a web page at the venue: does anything get through?':
    'Am Veranstaltungsort eine Webseite öffnen: Kommt überhaupt etwas durch?',
  'Switch the modem or router of the line off and on.': 'Modem oder Router der Leitung aus- und einschalten.',
  'Use a second line or a mobile phone as the network of the encoder.':
    'Eine zweite Leitung oder ein Mobiltelefon als Netz des Encoders verwenden.',
  'Call the provider of the line.': 'Den Anbieter der Leitung anrufen.',
  'Compare the name of the server letter by letter with what its operator gives.':
    'Den Namen des Servers Buchstabe für Buchstabe mit der Angabe seines Betreibers vergleichen.',
  'Set another name service in the router (1.1.1.1 or 8.8.8.8), and try again.':
    'Im Router einen anderen Nameserver einstellen (1.1.1.1 oder 8.8.8.8) und erneut versuchen.',
  "Use the server's IP address until it is found, if it takes that.":
    'Die IP-Adresse des Servers verwenden, bis der Fehler gefunden ist, wenn er das annimmt.',
  'Check the date and the time of the encoder and of this computer.':
    'Datum und Uhrzeit des Encoders und dieses Rechners prüfen.',
  'Tell whoever runs the server that its certificate must be renewed, or is for another name.':
    'Dem Betreiber des Servers sagen, dass sein Zertifikat erneuert werden muss oder auf einen anderen Namen lautet.',
  'Restart the server, or ask whoever runs it.': 'Den Server neu starten oder seinen Betreiber fragen.',
  'Send to a second server, if there is one.': 'An einen zweiten Server senden, wenn es einen gibt.',
  'Check whether its disk or its memory is full.': 'Prüfen, ob seine Festplatte oder sein Speicher voll ist.',
  'Compare server, application and stream key in the encoder letter by letter with those of the server.':
    'Server, Anwendung und Stream-Key im Encoder Buchstabe für Buchstabe mit denen des Servers vergleichen.',
  'Check whether the key has been changed or has run out, and whether a second encoder uses it.':
    'Prüfen, ob der Key geändert wurde oder abgelaufen ist, und ob ein zweiter Encoder ihn verwendet.',
  'Ask whoever runs the server for its limits: connections, bitrate, hours.':
    'Den Betreiber des Servers nach seinen Grenzen fragen: Verbindungen, Bitrate, Stunden.',
  'Check load, memory and network of the server.': 'Auslastung, Speicher und Netz des Servers prüfen.',
  'Read the stream from another server, or from the platform, and compare.':
    'Den Stream von einem anderen Server oder von der Plattform lesen und vergleichen.',
  'Restart the server, if the event allows it.': 'Den Server neu starten, wenn die Veranstaltung es erlaubt.',
  'Ask whoever runs the server whether its line or its network is overloaded.':
    'Den Betreiber des Servers fragen, ob dessen Leitung oder Netz überlastet ist.',
  'Look at the stream from the platform: does it arrive whole there?':
    'Den Stream auf der Plattform ansehen: Kommt er dort vollständig an?',
  'Open the event on the platform: is it the right one, is it started, and is there a message?':
    'Die Veranstaltung auf der Plattform öffnen: Ist es die richtige, ist sie gestartet, und steht dort eine Meldung?',
  'Compare the stream key of the event with that in the encoder or relay.':
    'Den Stream-Key der Veranstaltung mit dem in Encoder oder Relay vergleichen.',
  "Look at the platform's status page.": 'Die Statusseite der Plattform ansehen.',
  'Open the event on the platform: does it play?': 'Die Veranstaltung auf der Plattform öffnen: Läuft sie?',
  'If the token is refused, make a new one and put it into VIMEO_ACCESS_TOKEN.':
    'Wird das Token abgelehnt, ein neues erzeugen und in VIMEO_ACCESS_TOKEN eintragen.',
  'Look at the stream with a player on another network: is it well there?':
    'Den Stream mit einem Player in einem anderen Netz ansehen: Ist er dort in Ordnung?',
  'Check the network of the computer on which the monitor runs: cable, Wi-Fi, router.':
    'Das Netz des Rechners prüfen, auf dem der Monitor läuft: Kabel, WLAN, Router.',
  'Open `/health` of the monitor and do what it says.': '`/health` des Monitors öffnen und tun, was dort steht.',
  'Look at the stream with a player until it measures again.':
    'Den Stream mit einem Player ansehen, bis der Monitor wieder misst.',
}
