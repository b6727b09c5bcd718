    // As the language of the page has it, in the viewer's own variant of it.
    locale() {
      return navigator.languages.find((one) => one.startsWith(this.language)) || this.language || []
    },
    span(milliseconds) {
      const seconds = Math.max(0, Math.round(milliseconds / 1000))
      const hours = () => (seconds / 3600).toLocaleString(this.language || 'en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
      return seconds < 120 ? seconds + ' s' : seconds < 7200 ? Math.round(seconds / 60) + ' min' : hours() + ' h'
    },
    // In the viewer's zone, which is named, and with the day where it is not today's.
    clock(time) {
      const at = new Date(time)
      const day = at.toDateString() === new Date().toDateString() ? {} : { year: 'numeric', month: 'short', day: 'numeric' }
      return at.toLocaleString(this.locale(), { ...day, hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short' })
    },
