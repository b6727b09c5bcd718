export const VIDEO_CODECS: Readonly<Record<number, string>> = {
  2: 'flv1',
  3: 'flashsv',
  4: 'vp6f',
  5: 'vp6a',
  6: 'flashsv2',
  7: 'h264',
  // Not of Adobe: what encoders in China, and servers after them, agreed on before there was Enhanced RTMP.
  12: 'hevc',
  13: 'av1',
}
export const AUDIO_CODECS: Readonly<Record<number, string>> = {
  0: 'pcm_s16le',
  1: 'adpcm_swf',
  2: 'mp3',
  3: 'pcm_s16le',
  4: 'nellymoser',
  5: 'nellymoser',
  6: 'nellymoser',
  7: 'pcm_alaw',
  8: 'pcm_mulaw',
  10: 'aac',
  11: 'speex',
  14: 'mp3',
}
/** By FourCC: what `connect` offers. */
export const VIDEO_FOURCC: Readonly<Record<string, string>> = {
  av01: 'av1',
  vp09: 'vp9',
  vp08: 'vp8',
  hvc1: 'hevc',
  avc1: 'h264',
  vvc1: 'vvc',
}
export const AUDIO_FOURCC: Readonly<Record<string, string>> = {
  Opus: 'opus',
  fLaC: 'flac',
  'ac-3': 'ac3',
  'ec-3': 'eac3',
  mp4a: 'aac',
  '.mp3': 'mp3',
}
