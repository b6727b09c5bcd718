import type { Device } from './device.ts'

/** One block of the text protocol: its header and its lines. */
export interface TextBlock {
  header: string
  lines: readonly (readonly [key: string, value: string])[]
}

export function write({ header, lines }: TextBlock): string {
  return `${header}:\n${lines.map(([key, value]) => `${key}: ${value}\n`).join('')}\n`
}

/** `STREAM STATE`, whole. Firmware 2.1 has no `Cache Used`. */
export function streamState(device: Device): TextBlock {
  const lines: [string, string][] = [
    ['Status', device.status],
    ['Bitrate', String(device.bitrate)],
    ['Duration', clockFace(device.duration ?? 0)],
  ]
  return {
    header: 'STREAM STATE',
    lines: device.options.firmware === '2.1' ? lines : [...lines, ['Cache Used', String(device.cache)]],
  }
}

/** `DD:HH:MM:SS` */
function clockFace(seconds: number): string {
  const parts = [seconds / 86_400, (seconds / 3600) % 24, (seconds / 60) % 60, seconds % 60]
  return parts.map((part) => String(Math.floor(part)).padStart(2, '0')).join(':')
}

/** What the device sends to whoever connects, as captured and as documented for version 1.2. */
export function prelude(device: Device, state = streamState(device)): string {
  const old = device.options.firmware === '2.1'
  const blocks = [
    { header: 'PROTOCOL PREAMBLE', lines: [['Version', old ? '1.0' : '1.2']] },
    identity(device, old),
    version(old),
    network(old),
    networkInterface(old),
    uiSettings(),
    streamSettings(device, old),
    { header: 'STREAM XML', lines: [['Files', old ? '' : 'Custom.xml']] },
    state,
    ...(old ? [] : [audioSettings()]),
  ] as TextBlock[]
  return `${blocks.map(write).join('')}END PRELUDE:\n\n`
}

function identity({ options }: Device, old: boolean): TextBlock {
  return {
    header: 'IDENTITY',
    lines: [
      ['Model', old ? 'Web Presenter HD' : 'Blackmagic Streaming Encoder HD'],
      ['Label', options.label],
      ['Unique ID', '00112233445566778899AABBCCDDEEFF'],
    ],
  }
}

function version(old: boolean): TextBlock {
  return {
    header: 'VERSION',
    lines: [
      ['Product ID', 'BE73'],
      ['Hardware Version', '0100'],
      ['Software Version', old ? '653BF387' : '0123ABCD'],
      ['Software Release', old ? '2.1.1' : '3.5'],
    ],
  }
}

function network(old: boolean): TextBlock {
  const lines: [string, string][] = [
    ['Interface Count', '1'],
    ['Default Interface', '0'],
  ]
  return {
    header: 'NETWORK',
    lines: old ? [...lines, ['Static DNS Servers', '8.8.8.8, 8.8.4.4'], ['Current DNS Servers', '10.0.1.1']] : lines,
  }
}

function networkInterface(old: boolean): TextBlock {
  return {
    header: 'NETWORK INTERFACE 0',
    lines: [
      ['Name', 'Cadence GigE Ethernet MAC'],
      ['Priority', '0'],
      ['MAC Address', '00:11:22:33:44:55'],
      ['Dynamic IP', 'true'],
      ['Current Addresses', '192.0.2.20/255.255.255.0'],
      ['Current Gateway', '192.0.2.1'],
      ...(old ? [] : ([['Current DNS Servers', '192.0.2.1']] as [string, string][])),
    ],
  }
}

function uiSettings(): TextBlock {
  return {
    header: 'UI SETTINGS',
    lines: [
      ['Available Locales', 'en_US.UTF-8, de_DE.UTF-8'],
      ['Current Locale', 'en_US.UTF-8'],
      ['Available Audio Meters', 'PPM -18dB, PPM -20dB, VU -18dB, VU -20dB'],
      ['Current Audio Meter', 'VU -20dB'],
    ],
  }
}

function streamSettings({ options }: Device, old: boolean): TextBlock {
  const secrets: [string, string][] = [
    ['Password', options.passphrase],
    ['Current URL', `srt://ingest.example:7000?streamid=${options.streamKey}`],
    ['Customizable URL', 'true'],
  ]
  return {
    header: 'STREAM SETTINGS',
    lines: [
      ['Available Video Modes', 'Auto, 1080p25, 1080p29.97, 1080p30, 720p50'],
      ['Video Mode', options.videoFormat],
      ['Current Platform', 'YouTube'],
      ['Current Server', 'US West: Los Angeles\\, CA'],
      ['Current Quality Level', 'Streaming High'],
      ['Stream Key', options.streamKey],
      ...(old ? [] : secrets),
      ['Available Default Platforms', 'Facebook, Twitch, YouTube, Twitter / Periscope, Restream.IO'],
      ['Available Custom Platforms', ''],
      ['Available Servers', 'Default'],
      ['Available Quality Levels', 'HyperDeck High, Streaming High, Streaming Medium, Streaming Low'],
    ],
  }
}

function audioSettings(): TextBlock {
  return {
    header: 'AUDIO SETTINGS',
    lines: [
      ['Current Monitor Out Audio Source', 'Auto'],
      ['Available Monitor Out Audio Sources', 'Auto, SDI In, Remote Source'],
    ],
  }
}
