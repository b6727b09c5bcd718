/** What helps against faults of how an encoder is set: by the English step, in German. */
export const SETTING_STEPS: Readonly<Record<string, string>> = {
  'Install FFmpeg where the monitor runs (Debian: apt-get install ffmpeg), or name an ffprobe in the node or in FFPROBE_PATH.':
    'FFmpeg dort installieren, wo der Monitor läuft (Debian: apt-get install ffmpeg), oder ein ffprobe im Node oder in FFPROBE_PATH angeben.',
  'Then deploy the flow again, so that the stream is connected and looked at once more.':
    'Dann den Flow neu deployen, damit der Stream verbunden und noch einmal untersucht wird.',
  'Until then, compare the settings of the encoder with those of the platform by hand.':
    'Bis dahin die Einstellungen des Encoders von Hand mit denen der Plattform vergleichen.',
  'On the encoder, set the key frame interval to 2 s (in OBS: Settings, Output, Keyframe Interval).':
    'Am Encoder den Keyframe-Abstand auf 2 s setzen (in OBS: Einstellungen, Ausgabe, Keyframe-Intervall).',
  'Switch off what adds or drops key frames by itself: scene detection, adaptive or dynamic GOP.':
    'Abschalten, was von selbst Keyframes einfügt oder weglässt: Szenenerkennung, adaptive oder dynamische GOP.',
  'Stop the stream on the encoder and start it again, so that the setting takes effect.':
    'Den Stream am Encoder stoppen und neu starten, damit die Einstellung wirkt.',
  'Check whether the encoder is set to send only key frames (intra only, GOP size 1).':
    'Prüfen, ob der Encoder nur Keyframes sendet (intra only, GOP-Länge 1).',
  'If it is meant to be so, there is nothing to do: it costs bitrate, not the broadcast.':
    'Ist das so gewollt, ist nichts zu tun: Es kostet Bitrate, nicht die Sendung.',
  'On the encoder, choose closed GOPs, or switch open GOP off (x264: open-gop=0).':
    'Am Encoder geschlossene GOPs wählen oder offene abschalten (x264: open-gop=0).',
  'If there is no such setting, set B-frames to 0.': 'Gibt es keine solche Einstellung, B-Frames auf 0 setzen.',
  'On the encoder, set B-frames to 0, or choose the profile "baseline" or the tuning "zerolatency".':
    'Am Encoder B-Frames auf 0 setzen oder das Profil „baseline“ oder das Tuning „zerolatency“ wählen.',
  'Stop the stream on the encoder and start it again: a change while it is live can stop players.':
    'Den Stream am Encoder stoppen und neu starten: Eine Änderung im laufenden Betrieb kann Player anhalten.',
  'Watch the stream: a picture that jumps back and forth is the sign of B-frames where they are not accepted.':
    'Den Stream ansehen: Ein Bild, das vor- und zurückspringt, ist das Zeichen für B-Frames, wo sie nicht angenommen werden.',
  'On the camera, choose a progressive format: 1080p or 720p, not 1080i.':
    'An der Kamera ein progressives Format wählen: 1080p oder 720p, nicht 1080i.',
  'Where the camera has none, switch deinterlacing on in the switcher or the encoder.':
    'Hat die Kamera keines, das Deinterlacing im Bildmischer oder im Encoder einschalten.',
  'On the encoder, set the frame rate to 30 or, for sport, to 60 (25 or 50 in countries with 50 Hz).':
    'Am Encoder die Bildrate auf 30 oder, für Sport, auf 60 setzen (25 oder 50 in Ländern mit 50 Hz).',
  'Check whether the camera delivers more than that and the encoder passes it on.':
    'Prüfen, ob die Kamera mehr liefert und der Encoder es weitergibt.',
  'On the encoder, choose H.264 as the video codec.': 'Am Encoder H.264 als Video-Codec wählen.',
  'Then look at the picture on the platform.': 'Dann das Bild auf der Plattform ansehen.',
  'On the encoder, set the output to 1920×1080 or 1280×720.':
    'Am Encoder die Ausgabe auf 1920×1080 oder 1280×720 setzen.',
  'On the encoder, set the output to a usual size: 1920×1080, 1280×720 or 854×480.':
    'Am Encoder die Ausgabe auf eine übliche Größe setzen: 1920×1080, 1280×720 oder 854×480.',
  'If the picture is meant to have this shape, there is nothing to do: the platform scales it.':
    'Soll das Bild diese Form haben, ist nichts zu tun: Die Plattform skaliert es.',
  'Change it before the next event, not while this one is live.':
    'Vor der nächsten Veranstaltung ändern, nicht während diese läuft.',
  'On the encoder, lower the bitrate of the video to what the platform advises for this size and frame rate.':
    'Am Encoder die Bitrate des Videos auf das senken, was die Plattform für diese Größe und Bildrate empfiehlt.',
  'Check whether the encoder is set to a quality instead of a bitrate (CRF, CQP), and choose a constant bitrate.':
    'Prüfen, ob am Encoder eine Qualität statt einer Bitrate eingestellt ist (CRF, CQP), und eine konstante Bitrate wählen.',
  'If the uplink carries it and the platform does not complain, it can stay until the event is over.':
    'Trägt der Uplink das und beschwert sich die Plattform nicht, kann es bis zum Ende der Veranstaltung so bleiben.',
  'On the encoder, raise the bitrate of the video to what the platform advises, if the uplink carries it.':
    'Am Encoder die Bitrate des Videos auf das anheben, was die Plattform empfiehlt, wenn der Uplink es trägt.',
  'Otherwise choose a smaller picture or a lower frame rate, which need less.':
    'Sonst ein kleineres Bild oder eine niedrigere Bildrate wählen, die weniger brauchen.',
  'Check whether the encoder lowered it by itself because the network is slow (dynamic bitrate).':
    'Prüfen, ob der Encoder sie von selbst gesenkt hat, weil das Netz langsam ist (dynamische Bitrate).',
  'On the encoder, choose AAC as the audio codec.': 'Am Encoder AAC als Audio-Codec wählen.',
  'Then listen to the stream on the platform.': 'Dann den Stream auf der Plattform anhören.',
  'On the encoder, set the sample rate of the audio to 48 kHz, or to 44.1 kHz (in OBS: Settings, Audio).':
    'Am Encoder die Abtastrate des Tons auf 48 kHz oder 44,1 kHz setzen (in OBS: Einstellungen, Audio).',
  'Set the sound card and the mixing desk to the same sample rate.':
    'Soundkarte und Mischpult auf dieselbe Abtastrate stellen.',
  'On the encoder, set the audio to stereo (in OBS: Settings, Audio, Channels).':
    'Am Encoder den Ton auf Stereo setzen (in OBS: Einstellungen, Audio, Kanäle).',
  'Listen on the platform whether speech is still there: it may be on a channel that was dropped.':
    'Auf der Plattform anhören, ob die Sprache noch da ist: Sie kann auf einem verworfenen Kanal liegen.',
  'There is nothing to do: it is advice of the platform, and more does not harm.':
    'Es ist nichts zu tun: Es ist ein Rat der Plattform, und mehr schadet nicht.',
  'If the uplink is short, set the audio bitrate on the encoder to 128 kb/s.':
    'Ist der Uplink knapp, die Audio-Bitrate am Encoder auf 128 kb/s setzen.',
  'On the encoder, set the audio bitrate to 128 kb/s for stereo.':
    'Am Encoder die Audio-Bitrate auf 128 kb/s für Stereo setzen.',
  'For speech alone, less can be enough: listen to the stream, and leave it if it sounds right.':
    'Für Sprache allein kann weniger genügen: den Stream anhören und so lassen, wenn er gut klingt.',
  'On the encoder, send one video track only.': 'Am Encoder nur eine Videospur senden.',
  'Stop the stream on the encoder and start it again: most encoders change tracks only at the start.':
    'Den Stream am Encoder stoppen und neu starten: Die meisten Encoder ändern Spuren nur beim Start.',
  'Look on the platform which of them is shown.': 'Auf der Plattform nachsehen, welche von ihnen gezeigt wird.',
  'On the encoder, send one audio track only (in OBS: Settings, Output, Audio Track).':
    'Am Encoder nur eine Tonspur senden (in OBS: Einstellungen, Ausgabe, Audiospur).',
  'Look on the platform which of them is heard.': 'Auf der Plattform nachhören, welche von ihnen zu hören ist.',
  'If a relay repacks this stream for the platform, add the container to the profile or take the limit away.':
    'Verpackt ein Relay diesen Stream für die Plattform neu, den Container ins Profil aufnehmen oder die Grenze entfernen.',
  'Otherwise send it by RTMP or RTMPS, which every encoder and every platform knows.':
    'Sonst per RTMP oder RTMPS senden, was jeder Encoder und jede Plattform kennt.',
  'Look on the platform whether it receives the stream.': 'Auf der Plattform nachsehen, ob sie den Stream empfängt.',
  'Set the backup encoder exactly as the main one: load the same preset on both.':
    'Den Backup-Encoder genau wie den Haupt-Encoder einstellen: auf beiden dasselbe Preset laden.',
  'Stop the stream on the backup encoder and start it again; leave the main one alone while it is live.':
    'Den Stream am Backup-Encoder stoppen und neu starten; den Haupt-Encoder in Ruhe lassen, solange er sendet.',
  'Check whether each encoder sends to its own address: main to main, backup to backup.':
    'Prüfen, ob jeder Encoder an seine eigene Adresse sendet: der Haupt-Encoder an die Haupt-, der Backup-Encoder an die Backup-Adresse.',
}
