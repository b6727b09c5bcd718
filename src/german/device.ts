/** What the checks of encoders and platforms find, in a few words: by its type. */
export const DEVICE_ISSUES: Readonly<Record<string, string>> = {
  encoderUnreachable: 'Encoder nicht erreichbar',
  encoderInterrupted: 'Verbindung des Encoders unterbrochen',
  encoderIdle: 'Encoder streamt nicht',
  encoderConnecting: 'Encoder verbindet noch',
  encoderCacheHigh: 'Puffer des Encoders läuft voll',
  encoderBitrateLow: 'Bitrate des Encoders zu niedrig',
  platformUnreachable: 'Plattform nicht erreichbar',
  tokenInvalid: 'Zugang zur Plattform abgelehnt',
  eventNotFound: 'Veranstaltung auf der Plattform nicht gefunden',
  ingestNotReceiving: 'Plattform empfängt nichts',
  streamingError: 'Plattform meldet einen Fehler des Streams',
  rateLimited: 'Zu viele Anfragen an die Plattform',
}

/** What helps against faults of encoders and platforms: by the English step, in German. */
export const DEVICE_STEPS: Readonly<Record<string, string>> = {
  'Check whether the stream still runs: an encoder that does not answer the monitor may well be on air. If it runs, touch nothing on the encoder.':
    'Prüfen, ob der Stream noch läuft: Ein Encoder, der dem Monitor nicht antwortet, kann sehr wohl senden. Läuft er, am Encoder nichts anfassen.',
  'Check the encoder: is it on, and does its network port blink?':
    'Encoder prüfen: Ist er an, und blinkt sein Netzwerkanschluss?',
  "Compare its address in the encoder's own menu or setup program with the one that the monitor has.":
    'Seine Adresse im Menü oder Setup-Programm des Encoders mit der des Monitors vergleichen.',
  'Open its address in a browser on a computer in the same network; if that fails too, check cable and switch.':
    'Seine Adresse in einem Browser auf einem Rechner im selben Netz öffnen; geht das auch nicht, Kabel und Switch prüfen.',
  'Only if the stream is off as well: switch the encoder off and on again, and start the stream.':
    'Nur wenn auch der Stream weg ist: den Encoder aus- und einschalten und den Stream neu starten.',
  'Check the internet connection at the encoder: cable, switch and router; open a web page on a computer beside it.':
    'Die Internetverbindung am Encoder prüfen: Kabel, Switch und Router; auf einem Rechner daneben eine Webseite öffnen.',
  'Check whether the platform reports a fault, and whether the stream key is still the one of this event.':
    'Prüfen, ob die Plattform eine Störung meldet und ob der Stream-Key noch der dieser Veranstaltung ist.',
  'The encoder connects again by itself. If it does not within a minute, stop the stream on it and start it again.':
    'Der Encoder verbindet sich von selbst neu. Tut er es nicht innerhalb einer Minute, den Stream daran stoppen und neu starten.',
  'If you have a second internet connection or a backup encoder, change to it.':
    'Gibt es eine zweite Internetverbindung oder einen Backup-Encoder, dorthin wechseln.',
  'If the event is on: start the stream on the encoder.': 'Läuft die Veranstaltung: den Stream am Encoder starten.',
  'If it was streaming before and nobody stopped it, it may have lost its power: check plug and power supply.':
    'Hat er vorher gestreamt und niemand ihn gestoppt, kann er den Strom verloren haben: Stecker und Netzteil prüfen.',
  'If the times are wrong, change the windows under "expected".':
    'Stimmen die Zeiten nicht, die Zeitfenster unter „expected“ ändern.',
  'Compare platform, server and stream key on the encoder with what the platform shows for this event.':
    'Plattform, Server und Stream-Key am Encoder mit den Angaben der Plattform für diese Veranstaltung vergleichen.',
  'Check whether the platform has the event open for its stream: some keys are valid for one event only.':
    'Prüfen, ob die Plattform die Veranstaltung für ihren Stream geöffnet hat: Manche Keys gelten nur für eine Veranstaltung.',
  'Check the internet connection at the encoder: open a web page on a computer beside it.':
    'Die Internetverbindung am Encoder prüfen: auf einem Rechner daneben eine Webseite öffnen.',
  'Stop whatever else uses the uplink now: uploads, backups, updates, guests on the Wi-Fi.':
    'Jetzt beenden, was sonst den Uplink belegt: Uploads, Backups, Updates, Gäste im WLAN.',
  'Put the encoder on a cable instead of Wi-Fi, or on your second internet connection.':
    'Den Encoder per Kabel statt über WLAN anschließen, oder an die zweite Internetverbindung.',
  'If it goes on rising, be ready: when the cache is full, the stream breaks. At a pause of the event, stop the stream, choose the next lower quality on the encoder, and start it again.':
    'Steigt der Puffer weiter, bereit sein: Ist er voll, reißt der Stream ab. In einer Pause den Stream stoppen, am Encoder die nächstniedrigere Qualität wählen und neu starten.',
  'Afterwards, measure the uplink, and choose a quality that takes half of it at most.':
    'Danach den Uplink messen und eine Qualität wählen, die höchstens die Hälfte davon braucht.',
  'Check the cache of the encoder: if it rises, the uplink carries less. Stop whatever else uses it.':
    'Den Puffer des Encoders prüfen: Steigt er, trägt der Uplink weniger. Beenden, was ihn sonst belegt.',
  'Check the picture: a still or black picture needs less bitrate, so check camera, mixer and cable.':
    'Das Bild prüfen: Ein stehendes oder schwarzes Bild braucht weniger Bitrate, also Kamera, Mischer und Kabel prüfen.',
  'If the picture is good for viewers, leave it as it is until the event is over.':
    'Ist das Bild für die Zuschauer gut, es bis zum Ende der Veranstaltung so lassen.',
  'Watch the event with a player: it may be live all the same.':
    'Die Veranstaltung mit einem Player ansehen: Sie kann trotzdem live sein.',
  'Check whether the internet works here: open vimeo.com on a device in the same network.':
    'Prüfen, ob das Internet hier geht: vimeo.com auf einem Gerät im selben Netz öffnen.',
  "If only Vimeo's API fails, check Vimeo's status page and wait; nothing needs to be done on the encoder.":
    'Ist nur die API von Vimeo gestört, die Statusseite von Vimeo prüfen und warten; am Encoder ist nichts zu tun.',
  'Make sure that no firewall or proxy blocks api.vimeo.com on port 443.':
    'Sicherstellen, dass keine Firewall und kein Proxy api.vimeo.com an Port 443 sperrt.',
  'Watch the event on Vimeo yourself: until this is mended, the monitor cannot.':
    'Die Veranstaltung selbst auf Vimeo ansehen: Bis das behoben ist, kann der Monitor es nicht.',
  'On developer.vimeo.com, open your app and generate a personal access token with the scopes public and private.':
    'Auf developer.vimeo.com die eigene App öffnen und ein Personal Access Token mit den Scopes public und private erzeugen.',
  'Put it into the Vimeo account of the node and deploy, or into VIMEO_ACCESS_TOKEN and start again.':
    'Es in das Vimeo-Konto des Nodes eintragen und deployen, oder in VIMEO_ACCESS_TOKEN und neu starten.',
  'If the token is good, check whether its account owns the event, and whether its plan includes the live API.':
    'Ist das Token gut, prüfen, ob seinem Konto die Veranstaltung gehört und ob dessen Tarif die Live-API enthält.',
  'Open the event on Vimeo: the number in its address must be the one that is configured. A recurring event and its single videos have different numbers.':
    'Die Veranstaltung auf Vimeo öffnen: Die Nummer in ihrer Adresse muss die eingestellte sein. Eine wiederkehrende Veranstaltung und ihre einzelnen Videos haben verschiedene Nummern.',
  'Check whether the event was deleted, or belongs to another account than the access token.':
    'Prüfen, ob die Veranstaltung gelöscht wurde oder zu einem anderen Konto als das Token gehört.',
  'With "next": plan the next event on Vimeo, or choose one by its number.':
    'Bei „next“: die nächste Veranstaltung auf Vimeo planen oder eine über ihre Nummer wählen.',
  'On the encoder, compare server and stream key with those that the event on Vimeo shows: another event, or last week’s key, is the usual reason.':
    'Am Encoder Server und Stream-Key mit denen vergleichen, die die Veranstaltung auf Vimeo zeigt: Eine andere Veranstaltung oder der Key der letzten Woche ist der übliche Grund.',
  'Check the internet connection of the encoder, and whether a firewall lets RTMP (port 1935) or RTMPS (port 443) out.':
    'Die Internetverbindung des Encoders prüfen, und ob eine Firewall RTMP (Port 1935) oder RTMPS (Port 443) hinauslässt.',
  'Open the event on Vimeo: some wait until somebody starts them there.':
    'Die Veranstaltung auf Vimeo öffnen: Manche warten, bis jemand sie dort startet.',
  'Open the event on Vimeo and read what it says there.':
    'Die Veranstaltung auf Vimeo öffnen und lesen, was dort steht.',
  'Stop the stream on the encoder and start it again; check that its settings are those that Vimeo publishes.':
    'Den Stream am Encoder stoppen und neu starten; prüfen, ob seine Einstellungen die sind, die Vimeo veröffentlicht.',
  'If it ends again, start a new event and change the encoder to its stream key.':
    'Endet er wieder, eine neue Veranstaltung anlegen und den Encoder auf ihren Stream-Key umstellen.',
  'Tell the audience where to watch meanwhile; if you have a second platform, send them there.':
    'Dem Publikum sagen, wo es inzwischen zusehen kann; gibt es eine zweite Plattform, dorthin verweisen.',
  'Watch the event on Vimeo yourself: until then the monitor does not look.':
    'Die Veranstaltung selbst auf Vimeo ansehen: Bis dahin sieht der Monitor nicht nach.',
  'Look what else uses the same access token, such as a website, and give the monitor a token of its own app.':
    'Nachsehen, was sonst dasselbe Token verwendet, etwa eine Website, und dem Monitor das Token einer eigenen App geben.',
  'Raise the interval of the Vimeo events, or watch fewer of them with one token.':
    'Das Intervall der Vimeo-Veranstaltungen erhöhen oder mit einem Token weniger von ihnen beobachten.',
  'Check the internet connection of the encoder: Vimeo received this event before, so server and stream key are right.':
    'Die Internetverbindung des Encoders prüfen: Vimeo hat diese Veranstaltung schon empfangen, also stimmen Server und Stream-Key.',
  'Open the event on Vimeo: if somebody has ended it there, start it again, or stop the encoder.':
    'Die Veranstaltung auf Vimeo öffnen: Hat jemand sie dort beendet, sie wieder starten oder den Encoder stoppen.',
  'If Vimeo still receives nothing, check on status.vimeo.com whether it reports a fault, and whether somebody has changed server or stream key since.':
    'Empfängt Vimeo immer noch nichts, auf status.vimeo.com prüfen, ob eine Störung gemeldet ist, und ob jemand seither Server oder Stream-Key geändert hat.',
}
