/** What the checks of hosts, services and bandwidth find, in a few words: by its type. */
export const NETWORK_ISSUES: Readonly<Record<string, string>> = {
  noReply: 'Host antwortet nicht',
  observerNetwork: 'Netz des Monitors getrennt',
  packetLoss: 'Paketverlust',
  latencyHigh: 'Laufzeit zu hoch',
  jitterHigh: 'Jitter zu hoch',
  neverSeen: 'Noch nie gesehen',
  nameNotFound: 'Name nicht gefunden',
  unreachable: 'Nicht erreichbar',
  refused: 'Verbindung abgewiesen',
  timeout: 'Zeitüberschreitung',
  tlsInvalid: 'Zertifikat ungültig',
  tlsExpiring: 'Zertifikat läuft ab',
  wrongAnswer: 'Unerwartete Antwort',
  bandwidthLow: 'Bandbreite zu niedrig',
  bandwidthTestFailed: 'Bandbreitentest gescheitert',
}

/** What helps against faults of hosts, services and bandwidth: by the English step, in German. */
export const NETWORK_STEPS: Readonly<Record<string, string>> = {
  'Check whether the host is on and its network cable or Wi-Fi is connected.':
    'Prüfen, ob der Host an ist und sein Netzwerkkabel oder WLAN verbunden.',
  'Ping it from another computer: if that works, check the network between the monitor and the host.':
    'Ihn von einem anderen Rechner anpingen: Geht das, das Netz zwischen Monitor und Host prüfen.',
  'If it has never answered, compare its address, and check whether it or a firewall forbids pings (many cloud servers and Windows do): then watch one of its ports with a service node instead.':
    'Hat er nie geantwortet, seine Adresse vergleichen und prüfen, ob er oder eine Firewall Pings verbietet (viele Cloud-Server und Windows tun das): dann stattdessen einen seiner Ports mit einem service-Node beobachten.',
  'On the computer on which the monitor runs, check the network cable or the Wi-Fi, and the switch or router next to it.':
    'Am Rechner, auf dem der Monitor läuft, Netzwerkkabel oder WLAN prüfen, und den Switch oder Router daneben.',
  'Until it is back, watch the streams yourself from another network: the monitor cannot see them.':
    'Bis es wieder geht, die Streams selbst aus einem anderen Netz ansehen: Der Monitor sieht sie nicht.',
  'If only this host is off, choose another one as control host: one that answers as long as the network works, such as the router.':
    'Ist nur dieser Host aus, einen anderen als Kontroll-Host wählen: einen, der antwortet, solange das Netz geht, wie den Router.',
  'Change from Wi-Fi to a cable, or move closer to the access point.':
    'Vom WLAN auf ein Kabel wechseln oder näher an den Access Point gehen.',
  'Check whether something fills the line: uploads, backups, cloud synchronisation, guests. Stop it.':
    'Prüfen, ob etwas die Leitung füllt: Uploads, Backups, Cloud-Abgleich, Gäste. Es beenden.',
  'Change the cable and the port of the switch; check whether the port counts errors.':
    'Kabel und Port am Switch wechseln; prüfen, ob der Port Fehler zählt.',
  'If the host is on the internet, compare with a host inside the building: that tells the own network from the line.':
    'Liegt der Host im Internet, mit einem Host im Haus vergleichen: Das unterscheidet das eigene Netz von der Leitung.',
  'If the line is lossy, lower the bitrate of the encoder, and tell the provider.':
    'Verliert die Leitung Pakete, die Bitrate des Encoders senken und den Anbieter verständigen.',
  'Change from Wi-Fi to a cable.': 'Vom WLAN auf ein Kabel wechseln.',
  'If the host is far away, as on another continent, choose a server that is nearer, or allow this host more under its limits.':
    'Ist der Host weit weg, etwa auf einem anderen Kontinent, einen näheren Server wählen oder diesem Host unter limits mehr zugestehen.',
  'Check whether something fills the line at times: uploads, backups, guests.':
    'Prüfen, ob etwas die Leitung zeitweise füllt: Uploads, Backups, Gäste.',
  'Check whether it is switched on and connected.': 'Prüfen, ob es eingeschaltet und verbunden ist.',
  'Compare the address letter by letter with the one that it really has.':
    'Die Adresse Buchstabe für Buchstabe mit der tatsächlichen vergleichen.',
  'Look for a typing error in the name of the server.': 'Nach einem Tippfehler im Namen des Servers suchen.',
  'Look the name up on another computer and with another name service (nslookup name 1.1.1.1).':
    'Den Namen auf einem anderen Rechner und mit einem anderen Nameserver auflösen (nslookup name 1.1.1.1).',
  'If it is your own server, check its DNS entry, and whether the domain has been paid for.':
    'Ist es der eigene Server, seinen DNS-Eintrag prüfen, und ob die Domain bezahlt ist.',
  'Check whether the host is on and connected to its network.':
    'Prüfen, ob der Host an und mit seinem Netz verbunden ist.',
  'Open a web page on the computer on which the monitor runs: does its own network work?':
    'Auf dem Rechner, auf dem der Monitor läuft, eine Webseite öffnen: Geht sein eigenes Netz?',
  'Compare protocol, name and port with what the encoder or the platform says.':
    'Protokoll, Name und Port mit den Angaben von Encoder oder Plattform vergleichen.',
  'Mark a host that always answers, such as the router, as control host: then the monitor tells its own network from the server.':
    'Einen Host, der immer antwortet, wie den Router, als Kontroll-Host kennzeichnen: Dann unterscheidet der Monitor sein eigenes Netz vom Server.',
  'Check whether the server program runs on the host, and start it.':
    'Prüfen, ob das Serverprogramm auf dem Host läuft, und es starten.',
  'Check whether a firewall turns the connection away.': 'Prüfen, ob eine Firewall die Verbindung abweist.',
  'Read in the summary how far it got: without a connection, check the host and firewalls; with one, the server program.':
    'In der Zusammenfassung lesen, wie weit es kam: ohne Verbindung Host und Firewalls prüfen, mit Verbindung das Serverprogramm.',
  'Restart the server program if it accepts connections and does not answer.':
    'Das Serverprogramm neu starten, wenn es Verbindungen annimmt und nicht antwortet.',
  'If the server is slow at times and that is fine, give it a longer timeout.':
    'Ist der Server zeitweise langsam und das in Ordnung, ihm ein längeres Timeout geben.',
  'Look in the summary what is wrong: the date, the name or the authority.':
    'In der Zusammenfassung lesen, was nicht stimmt: das Datum, der Name oder die Zertifizierungsstelle.',
  'Renew the certificate on the server, with all certificates between it and the authority, and restart the server.':
    'Das Zertifikat auf dem Server erneuern, mit allen Zertifikaten bis zur Zertifizierungsstelle, und den Server neu starten.',
  'Use the name for which the certificate was made in the address.':
    'In der Adresse den Namen verwenden, für den das Zertifikat ausgestellt ist.',
  'If the clock of the computer on which the monitor runs is wrong, set it.':
    'Geht die Uhr des Rechners falsch, auf dem der Monitor läuft, sie stellen.',
  'If the certificate is your own and meant to be so, let Node.js know its authority (NODE_EXTRA_CA_CERTS), or switch off "Verify TLS" for this service.':
    'Ist das Zertifikat das eigene und so gewollt, Node.js die Zertifizierungsstelle bekannt machen (NODE_EXTRA_CA_CERTS) oder „TLS prüfen“ für diesen Dienst abschalten.',
  'Renew the certificate on the server now: after that day encoders and players refuse it.':
    'Das Zertifikat auf dem Server jetzt erneuern: Nach diesem Tag lehnen Encoder und Player es ab.',
  'If it should renew itself, check the log of the program that does so (certbot, acme.sh, the hosting panel).':
    'Sollte es sich selbst erneuern, das Log des zuständigen Programms prüfen (certbot, acme.sh, das Hosting-Panel).',
  'Restart the server after renewing, so that it uses the new one.':
    'Den Server nach dem Erneuern neu starten, damit er das neue verwendet.',
  'Read in the summary what came instead: that names the program that answers on this port.':
    'In der Zusammenfassung lesen, was stattdessen kam: Das nennt das Programm, das an diesem Port antwortet.',
  'Of RTMP, compare the application (the first part of the path) with what the server is set up for.':
    'Bei RTMP die Anwendung (den ersten Teil des Pfads) mit der Einrichtung des Servers vergleichen.',
  "Of HTTP, open the address in a browser, and check the server's own log.":
    'Bei HTTP die Adresse in einem Browser öffnen und das Log des Servers prüfen.',
  "Lower the encoder's bitrate until the room is there, and with it the picture size if need be.":
    'Die Bitrate des Encoders senken, bis genug Reserve da ist, notfalls mit der Bildgröße.',
  'Stop what else uses the connection: backups, updates, cloud storage, guests in the Wi-Fi.':
    'Beenden, was sonst die Leitung nutzt: Backups, Updates, Cloud-Speicher, Gäste im WLAN.',
  'Connect the encoder by cable instead of Wi-Fi, and test again with "probe now".':
    'Den Encoder per Kabel statt über WLAN anschließen und mit „Jetzt prüfen“ erneut testen.',
  'If it stays low while nothing else goes on, ask the internet provider, with the measured number.':
    'Bleibt es niedrig, obwohl sonst nichts läuft, beim Internetanbieter nachfragen, mit dem gemessenen Wert.',
  'Compare the address of the test with that of the server; a token or password in it may have changed.':
    'Die Adresse des Tests mit der des Servers vergleichen; ein Token oder Passwort darin kann sich geändert haben.',
  'Check whether the server runs: iperf3 -s, or the other monitor with BANDWIDTH_TOKEN set.':
    'Prüfen, ob der Server läuft: iperf3 -s, oder der andere Monitor mit gesetztem BANDWIDTH_TOKEN.',
  'Check whether other targets behind the same connection answer: if none does, the connection itself is down.':
    'Prüfen, ob andere Ziele hinter derselben Leitung antworten: Wenn keines, ist die Leitung selbst ausgefallen.',
}
