import type { CauseName } from '../diagnosis/causes.ts'
import { LOOK_FROM } from '../diagnosis/diagnose.ts'
import type { QuestionName } from '../diagnosis/evidence.ts'

/** Each cause as a sentence without a full stop. */
export const CAUSES_IN_GERMAN: Readonly<Record<CauseName, string>> = {
  stopped: 'Niemand streamt: Der Encoder wurde gestoppt oder nie gestartet',
  picture: 'Das Bild fehlt schon vor dem Encoder: Kamera, Mischer oder Kabel',
  sound: 'Der Ton fehlt oder ist gestört schon vor dem Encoder: Mikrofon, Mischpult oder Kabel',
  encoderDead: 'Der Encoder ist aus, hängt oder hat sein Netzwerkkabel verloren',
  encoderSendsNothing: 'Der Encoder hängt: Er ist verbunden und sendet nichts oder nur ab und zu',
  encoderInterface:
    'Nur die Schnittstelle des Encoders ist gestört, über die er nach seinem Zustand gefragt wird: Dem Stream fehlt nichts',
  encoderOverloaded: 'Der Encoder kommt nicht mit: Er lässt Bilder aus, obwohl seine Leitung breit genug ist',
  encoderLosesServer:
    'Der Encoder hat einen Server verloren, der erreichbar ist: Sein Stream ist abgerissen, oder er selbst hat kein Netz',
  encoderSendsLess:
    'Der Encoder sendet weniger als zuvor, und alles davon kommt an: Er ist niedriger eingestellt oder hat weniger zu encodieren',
  encoderChanged: 'Der Encoder wurde mit anderen Einstellungen neu gestartet',
  trackLost: 'Der Encoder sendet von Bild und Ton nur eines',
  encoderSettings: 'Der Encoder ist so eingestellt, wie es die Plattform nicht annimmt',
  venueNetwork: 'Das Netz am Veranstaltungsort ist gestört: Router, Switch oder WLAN',
  encoderLink: 'Der eigene Weg des Encoders ins Netz am Veranstaltungsort verliert Pakete: WLAN, Kabel oder Switch',
  rtmpBlocked:
    'Der Weg aus dem Veranstaltungsort lässt RTMP nicht durch: Eine Firewall des Routers oder des Anbieters sperrt den TCP-Port 1935',
  uplinkSlow: 'Der Uplink des Veranstaltungsorts ist zu langsam oder verliert Pakete: Medien kommen verspätet',
  uplinkTight:
    'Der Uplink des Veranstaltungsorts trägt weniger, als der Encoder erzeugt: Sein Puffer füllt sich, und noch ist nichts verloren',
  uplinkCut: 'Die Internetleitung des Veranstaltungsorts ist unterbrochen',
  nameService: 'Der Name des Servers lässt sich nicht auflösen',
  certificate: 'Das Zertifikat des Servers ist ungültig',
  serverDown: 'Der Server ist ausgefallen',
  serverRefuses:
    'Der Server läuft und nimmt diesen Stream nicht an: falscher Key, keine Berechtigung oder zu viele Verbindungen',
  serverForwards: 'Der Server nimmt den Stream an und gibt ihn schlecht weiter',
  serverNetwork: 'Das Netz des Servers verliert Pakete',
  platformTakesNothing: 'Die Plattform nimmt den Stream nicht an, obwohl er gesendet wird',
  platformApi:
    'Nur die API der Plattform ist gestört: Über die Veranstaltung dort ist nichts bekannt, und dem Stream fehlt nichts',
  monitorNetwork: 'Das eigene Netz des Monitors ist gestört, und der Stream kann in Ordnung sein',
  monitorLineSlow:
    'Die eigene Leitung des Monitors ist zu langsam oder verliert Pakete: Was er liest, kommt verspätet, und der Stream kann in Ordnung sein',
  monitorItself: 'Der Monitor selbst kann nicht messen, und der Stream kann in Ordnung sein',
}

/** What an answer to a question says, as a clause without a full stop. */
export const ANSWERS_IN_GERMAN: Readonly<Record<QuestionName, { bad: string; good: string }>> = {
  mediaArrives: { bad: 'es kommen keine Daten an, oder sie kommen und gehen', good: 'Medien kommen an' },
  flowsSteadily: { bad: 'Medien kommen und gehen', good: 'Medien kommen gleichmäßig' },
  pace: { bad: 'Medien kommen langsamer als in Echtzeit', good: 'was gesendet wird, kommt rechtzeitig an' },
  keepsUp: { bad: 'der Rückstand bleibt', good: 'der Stream gerät nicht in Rückstand' },
  frames: { bad: 'es fehlen Bilder', good: 'kein Bild fehlt' },
  bitrate: { bad: 'die Bitrate ist eingebrochen', good: 'die Bitrate ist nicht gefallen' },
  timestamps: { bad: 'die Zeitstempel springen', good: 'die Zeitstempel laufen gleichmäßig' },
  tracks: { bad: 'eine Spur fehlt', good: 'keine Spur fehlt' },
  picture: { bad: 'das Bild ist schwarz oder steht', good: 'das Bild bewegt sich' },
  sound: { bad: 'der Ton fehlt oder ist gestört', good: 'Ton ist da' },
  settings: { bad: 'eine Einstellung ist falsch', good: 'die Einstellungen sind richtig' },
  parametersKept: { bad: 'die Parameter haben sich geändert', good: 'die Parameter sind wie zuvor' },
  streamTakenBefore: {
    bad: 'der Server hat diesen Stream nie angenommen, seit er beobachtet wird',
    good: 'der Server hatte diesen Stream zuvor angenommen',
  },
  nameResolves: { bad: 'der Name des Servers ist nicht auflösbar', good: 'der Name des Servers ist bekannt' },
  certificateValid: { bad: 'das Zertifikat des Servers ist ungültig', good: 'das Zertifikat des Servers ist gültig' },
  serverReached: { bad: 'der Server ist nicht erreichbar', good: 'der Server antwortet' },
  streamAccepted: { bad: 'der Server lehnt den Stream ab', good: 'der Server liefert den Stream' },
  serverHostAnswers: { bad: 'der Rechner des Servers antwortet nicht', good: 'der Rechner des Servers antwortet' },
  serverHostClean: { bad: 'am Server gehen Pakete verloren', good: 'am Server geht nichts verloren' },
  otherStreamsOnServer: {
    bad: 'andere Streams auf dem Server sind auch ausgefallen oder verspätet',
    good: 'andere Streams auf dem Server sind in Ordnung',
  },
  streamsElsewhere: {
    bad: 'Streams auf anderen Servern sind auch ausgefallen oder verspätet',
    good: 'Streams auf anderen Servern sind in Ordnung',
  },
  wayIsClean: { bad: 'auf dem Weg gehen Pakete verloren', good: 'der Weg ist ohne Verlust' },
  wayAsUsual: { bad: 'der Weg ist anders als üblich', good: 'der Weg ist wie üblich' },
  uplinkWide: { bad: 'der Uplink ist zu schmal', good: 'der Uplink ist breit genug' },
  gatewayAnswers: {
    bad: 'das Gateway am Veranstaltungsort antwortet nicht oder verliert Pakete',
    good: 'das Gateway am Veranstaltungsort antwortet',
  },
  encoderAnswers: { bad: 'der Encoder antwortet nicht', good: 'der Encoder antwortet' },
  encoderSteady: {
    bad: 'der Encoder antwortet nur ab und zu, oder nicht, obwohl seine Medien ankommen',
    good: 'der Encoder schweigt die ganze Zeit',
  },
  encoderOnAir: { bad: 'der Encoder wurde gestoppt', good: 'der Encoder ist auf Sendung' },
  encoderConnected: {
    bad: 'der Encoder kann seinen Server nicht erreichen',
    good: 'der Encoder ist mit seinem Server verbunden',
  },
  encoderCacheLow: {
    bad: 'der Puffer des Encoders läuft voll',
    good: 'der Puffer des Encoders ist leer: Seine Leitung ist breit genug',
  },
  encoderSendsAll: {
    bad: 'der Encoder sendet weniger als sonst oder nichts',
    good: 'der Encoder sendet mit seiner üblichen Bitrate',
  },
  platformReceives: { bad: 'die Plattform empfängt den Stream nicht', good: 'die Plattform empfängt den Stream' },
  platformTells: { bad: 'die Plattform gibt keine Auskunft', good: 'die Plattform antwortet' },
  monitorHasNetwork: { bad: 'das eigene Netz des Monitors ist getrennt', good: 'das Netz des Monitors geht' },
  monitorMeasures: { bad: 'der Monitor selbst kann nicht messen', good: 'der Monitor misst' },
}

/** What would tell more, by the English sentence. */
export const ADVICE_IN_GERMAN: Readonly<Record<string, string>> = {
  [LOOK_FROM.venue]: 'dasselbe von einem zweiten Monitor am Veranstaltungsort beobachten lassen',
  [LOOK_FROM.server]: 'dasselbe von einem zweiten Monitor beim Server beobachten lassen',
  [LOOK_FROM.elsewhere]: 'dasselbe von einem zweiten Monitor an einem dritten Ort beobachten lassen',
  'add a host near the monitor that answers always, such as its own gateway (`"control": true`)':
    'einen Host nahe beim Monitor hinzufügen, der immer antwortet, etwa dessen eigenes Gateway (`"control": true`)',
  'add the gateway of the venue as a host (`"at": "venue"`)':
    'das Gateway am Veranstaltungsort als Host hinzufügen (`"at": "venue"`)',
  'add a host beyond the gateway of the venue (`"at": "way"`)':
    'einen Host hinter dem Gateway des Veranstaltungsorts hinzufügen (`"at": "way"`)',
  'add the computer of the server as a host (`"at": "server"`)':
    'den Rechner des Servers als Host hinzufügen (`"at": "server"`)',
  'add the server as a service (`"at": "server"`)': 'den Server als Dienst hinzufügen (`"at": "server"`)',
  'add the encoder, and name it under `dependsOn` of the stream':
    'den Encoder hinzufügen und ihn beim Stream unter `dependsOn` nennen',
  'watch a stream of another server as well': 'auch einen Stream eines anderen Servers beobachten',
  'let the monitor look at the picture (`"checks": "auto"` of the stream)':
    'den Monitor das Bild ansehen lassen (`"checks": "auto"` des Streams)',
  'let the monitor listen to the sound (`"checks": "auto"` of the stream)':
    'den Monitor den Ton anhören lassen (`"checks": "auto"` des Streams)',
}
