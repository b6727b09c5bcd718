    /** What may be answered to the three questions, with the advice for it. */
    firstRun() {
      const encoder = [
        { id: 'obs', name: 'OBS Studio', advice: 'In OBS: Settings, Output: rate control CBR, keyframe interval 2 s. Settings, Audio: 48 kHz, stereo.' },
        { id: 'vmix', name: 'vMix', advice: 'In the settings of vMix’s stream: H.264, a constant bitrate, a key frame every 2 s, AAC.' },
        { id: 'blackmagic', name: 'Blackmagic Web Presenter or Streaming Encoder', advice: 'The monitor asks the encoder itself for its bitrate, its cache and its connection. It needs the encoder’s address in the network, which its display or Blackmagic’s setup program shows.', encoder: true },
        { id: 'other', name: 'Another encoder, a mixer or a phone', advice: 'Set it to H.264 and AAC, a constant bitrate, a key frame every 2 s and 48 kHz.' },
      ]
      const relay = 'Its address can be published to, but not played. Let the encoder publish to a relay of your own that sends the stream on (nginx with its RTMP module, MediaMTX, SRS), and watch the address at which the relay plays it. Or watch the playback address (HLS), where the platform gives one.'
      const platform = [
        { id: 'youtube', name: 'YouTube', profile: 'youtube', advice: relay },
        { id: 'vimeo', name: 'Vimeo', profile: 'vimeo', advice: relay + ' The monitor also asks Vimeo whether the event gets a stream: for that VIMEO_ACCESS_TOKEN has to be set where it runs.', platform: true },
        { id: 'twitch', name: 'Twitch', profile: 'twitch', advice: relay },
        { id: 'facebook', name: 'Facebook', profile: 'facebook', advice: relay },
        { id: 'own', name: 'A server of our own', profile: '', advice: 'Watch the address at which the server plays the stream: mostly the one that you publish to, with the same key.' },
        { id: 'web', name: 'A web page, by HLS', profile: '', advice: 'Watch the playlist that the player of the page gets: its address ends in .m3u8.' },
      ]
      const times = [
        { id: 'windows', name: 'At the same times each week' },
        { id: 'manual', name: 'Now and then' },
        { id: 'always', name: 'Always' },
      ]
      return { encoder, platform, times }
    },
