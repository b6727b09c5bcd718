/** What helps against faults of picture, sound and the promise of an event: by the English step, in German. */
export const CONTENT_STEPS: Readonly<Record<string, string>> = {
  'Check the camera: is it on, is its lens cap off, and is its cable in?':
    'Die Kamera prüfen: Ist sie an, ist der Objektivdeckel ab, steckt das Kabel?',
  'On the switcher or the encoder, check which source is on air.':
    'Am Bildmischer oder am Encoder prüfen, welche Quelle auf Sendung ist.',
  'Put a slide or another camera on air until it is found.':
    'Ein Standbild oder eine andere Kamera auf Sendung nehmen, bis der Fehler gefunden ist.',
  'If it is meant to be black, before the event or between two parts, there is nothing to do.':
    'Soll das Bild schwarz sein, vor der Veranstaltung oder zwischen zwei Teilen, ist nichts zu tun.',
  'Check the camera and the switcher: does the picture on their own screens move?':
    'Kamera und Bildmischer prüfen: Bewegt sich das Bild auf ihren eigenen Bildschirmen?',
  'On the encoder, check whether its preview moves; if it does not, restart the source or the encoder.':
    'Am Encoder prüfen, ob sich die Vorschau bewegt; wenn nicht, die Quelle oder den Encoder neu starten.',
  'If it is meant to be so, as with a slide before the event, there is nothing to do.':
    'Ist das so gewollt, wie bei einem Standbild vor der Veranstaltung, ist nichts zu tun.',
  'On the encoder, check the level meter: does it move? Is the source muted?':
    'Am Encoder die Pegelanzeige prüfen: Schlägt sie aus? Ist die Quelle stummgeschaltet?',
  'On the mixing desk, check whether the bus to the stream is up; what is heard in the room says nothing about it.':
    'Am Mischpult prüfen, ob der Ausgang zum Stream aufgezogen ist; was im Raum zu hören ist, sagt nichts darüber.',
  'Check the cable from the mixing desk to the encoder.': 'Das Kabel vom Mischpult zum Encoder prüfen.',
  'If it is meant to be silent, as before the event, there is nothing to do.':
    'Soll es still sein, wie vor der Veranstaltung, ist nichts zu tun.',
  'On the mixing desk, check whether the bus to the stream is panned to the middle.':
    'Am Mischpult prüfen, ob der Ausgang zum Stream in der Mitte steht (Panorama).',
  'Check both cables, or both halves of the stereo cable, from the mixing desk to the encoder.':
    'Beide Kabel, oder beide Hälften des Stereokabels, vom Mischpult zum Encoder prüfen.',
  'On the encoder, mix the source down to mono if only one channel can be had (in OBS: Advanced Audio Properties, Mono).':
    'Am Encoder die Quelle auf Mono mischen, wenn nur ein Kanal zu haben ist (in OBS: Erweiterte Audioeigenschaften, Mono).',
  'On the mixing desk, lower the bus to the stream until its meter stays out of the red.':
    'Am Mischpult den Ausgang zum Stream senken, bis seine Anzeige nicht mehr rot wird.',
  'On the encoder, lower the gain of the audio source, and check whether two stages amplify.':
    'Am Encoder die Verstärkung der Tonquelle senken und prüfen, ob zwei Stufen verstärken.',
  'Listen to the stream: distortion from an earlier stage stays, however low the last one is.':
    'Den Stream anhören: Verzerrung aus einer früheren Stufe bleibt, wie leise die letzte auch ist.',
  'On the mixing desk, raise the bus to the stream; the level in the room says nothing about it.':
    'Am Mischpult den Ausgang zum Stream anheben; der Pegel im Raum sagt nichts darüber.',
  'On the encoder, raise the gain of the audio source until speech stands at about two thirds of the meter.':
    'Am Encoder die Verstärkung der Tonquelle anheben, bis Sprache bei etwa zwei Dritteln der Anzeige steht.',
  'If the programme is meant to be quiet now, there is nothing to do.':
    'Soll das Programm jetzt leise sein, ist nichts zu tun.',
  'On the mixing desk, lower the bus to the stream.': 'Am Mischpult den Ausgang zum Stream senken.',
  'On the encoder, lower the gain of the audio source, and check whether a compressor or limiter drives it up.':
    'Am Encoder die Verstärkung der Tonquelle senken und prüfen, ob ein Kompressor oder Limiter sie hochtreibt.',
  'Listen to the stream: if it is not distorted, it can stay until there is a pause.':
    'Den Stream anhören: Ist er nicht verzerrt, kann es bis zu einer Pause so bleiben.',
  'Look at the stream yourself, with a player: the monitor does not see whether its picture is black or frozen.':
    'Den Stream selbst mit einem Player ansehen: Der Monitor sieht nicht, ob sein Bild schwarz ist oder steht.',
  'On the encoder, set a key frame interval of 2 s, and switch off intra refresh (x264: intra-refresh=0).':
    'Am Encoder einen Keyframe-Abstand von 2 s einstellen und Intra-Refresh abschalten (x264: intra-refresh=0).',
  'If the encoder must send no key frames, set "checks" of this stream to "full", which looks at every picture.':
    'Darf der Encoder keine Keyframes senden, „checks“ dieses Streams auf „full“ setzen: Dann wird jedes Bild angesehen.',
  'If players show a picture, the ffmpeg of the monitor cannot decode this codec: choose H.264 on the encoder, or name another ffmpeg in FFMPEG_PATH.':
    'Zeigen Player ein Bild, kann das ffmpeg des Monitors diesen Codec nicht decodieren: am Encoder H.264 wählen oder ein anderes ffmpeg in FFMPEG_PATH angeben.',
  'Listen to the stream yourself, with a player: the monitor does not hear whether it is silent.':
    'Den Stream selbst mit einem Player anhören: Der Monitor hört nicht, ob er still ist.',
  'On the encoder, choose AAC as the audio codec, stop the stream and start it again.':
    'Am Encoder AAC als Audio-Codec wählen, den Stream stoppen und neu starten.',
  'If players have sound, the ffmpeg of the monitor cannot decode this codec: name another one in FFMPEG_PATH.':
    'Haben Player Ton, kann das ffmpeg des Monitors diesen Codec nicht decodieren: ein anderes in FFMPEG_PATH angeben.',
  'Look for what interrupts the stream before it does so again: the history on the page of the stream says when.':
    'Suchen, was den Stream unterbricht, bevor es wieder geschieht: Der Verlauf auf der Seite des Streams sagt, wann es war.',
  'Have the backup ready: another encoder, another line.':
    'Den Ersatz bereithalten: einen anderen Encoder, eine andere Leitung.',
  'Change nothing that works: settings can wait until the event is over.':
    'Nichts ändern, was funktioniert: Einstellungen haben Zeit bis nach der Veranstaltung.',
  'Tell who has to know that this event does not keep what was promised; its report will say so.':
    'Denen Bescheid geben, die wissen müssen, dass diese Veranstaltung nicht hält, was zugesagt war; ihr Bericht wird es sagen.',
  'Switch to the backup if the cause is not found: another interruption costs viewers, and no longer the promise.':
    'Auf den Ersatz wechseln, wenn die Ursache nicht gefunden wird: Eine weitere Unterbrechung kostet Zuschauer, nicht mehr die Zusage.',
  'After the event, read in its report which interruptions cost most, and mend their causes before the next one.':
    'Nach der Veranstaltung im Bericht lesen, welche Unterbrechungen am meisten gekostet haben, und ihre Ursachen vor der nächsten beheben.',
  'Look at the picture and listen: where both are as they should be there is nothing to do.':
    'Bild ansehen und Ton anhören: Sind beide, wie sie sein sollen, ist nichts zu tun.',
  'If it was changed on purpose, leave it: after one whole broadcast so it is usual.':
    'Wurde es absichtlich geändert, so lassen: Nach einer ganzen Sendung ist es das Übliche.',
  'If nobody changed anything, compare the settings of the encoder and what else uses the connection with last time.':
    'Hat niemand etwas geändert, die Einstellungen des Encoders und was sonst die Leitung nutzt mit dem letzten Mal vergleichen.',
}
