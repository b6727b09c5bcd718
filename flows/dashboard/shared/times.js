    span(milliseconds) {
      const seconds = Math.max(0, Math.round(milliseconds / 1000))
      return seconds < 120 ? seconds + ' s' : seconds < 7200 ? Math.round(seconds / 60) + ' min' : (seconds / 3600).toFixed(1) + ' h'
    },
    // In the viewer's zone, which is named, and with the day where it is not today's.
    clock(time) {
      const at = new Date(time)
      const day = at.toDateString() === new Date().toDateString() ? {} : { year: 'numeric', month: 'short', day: 'numeric' }
      return at.toLocaleString([], { ...day, hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short' })
    },
