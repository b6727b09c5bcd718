    word(state) {
      /*include states.js*/
      return (STATES[this.w ? this.language : 'en'] || STATES.en)[state] || state
    },
    shape(state) {
      return {
        ok: 'M10 1a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm-1.400 13L4.500 9.900l1.500-1.500 2.600 2.600L14 5.600l1.500 1.500z',
        degraded: 'M10 1.200 19.300 18H.700zM9 7v5.500h2V7zm0 7v2h2v-2z',
        down: 'M6 1h8l5 5v8l-5 5H6l-5-5V6zm.300 3.900L4.900 6.300 8.600 10l-3.700 3.700 1.400 1.400L10 11.400l3.700 3.700 1.400-1.400L11.400 10l3.700-3.700-1.400-1.400L10 8.600z',
        unknown: 'M10 1a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 2a7 7 0 1 1 0 14 7 7 0 0 1 0-14zm-1 11h2v2H9zm-2.500-6.500h2c0-.800.500-1.300 1.500-1.300s1.500.500 1.500 1.200c0 1.300-2.500 1.600-2.500 4.600h2c0-2.100 2.500-2.300 2.500-4.600 0-1.900-1.500-3-3.500-3s-3.500 1.200-3.500 3.100z',
        off: 'M2 8.500h16v3H2z',
      }[{ never: 'degraded', quiet: 'degraded', refused: 'unknown', 'as-before': 'degraded', mistake: 'degraded' }[state] || state] || ''
    },
