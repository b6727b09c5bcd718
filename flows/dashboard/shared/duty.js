    // Gives word of an alert or an incident: somebody is on it, or wants quiet.
    tell(action, { id }, more) {
      this.send({ payload: { action, id, by: this.called() || 'dashboard', ...more } })
    },
    silence(one, minutes) {
      this.tell('silence', one, { until: new Date(Date.now() + minutes * 60000).toISOString() })
    },
    // Whether a message is the answer to such a word. Only what failed is said: what was done is seen.
    answered({ answer }) {
      if (!answer) return false
      this.said = answer.done ? '' : 'That failed: ' + (answer.error ? answer.error.message : 'no answer')
      return true
    },
    // How grave it is, since when, and what somebody has done about it.
    // Who says so: the browser remembers it, for all its pages.
    called() {
      try {
        return window.hmonitorName ?? localStorage.getItem('hmonitor-name') ?? ''
      } catch {
        return ''
      }
    },
    callMe(name) {
      window.hmonitorName = name.trim()
      try {
        localStorage.setItem('hmonitor-name', window.hmonitorName)
      } catch {
        // The browser keeps nothing: the name lasts as long as the page.
      }
    },
    standing({ severity, target, site, startsAt, acknowledgedBy, silencedUntil }) {
      const by = acknowledgedBy === 'dashboard' ? ' on the dashboard' : acknowledgedBy ? ' by ' + acknowledgedBy : ''
      const parts = [severity === 'critical' ? 'Critical' : 'Warning', target, site, 'for ' + this.span(this.since(startsAt)) + ' (since ' + this.clock(startsAt) + ')']
      if (acknowledgedBy !== undefined) parts.push('acknowledged' + by)
      if (silencedUntil) parts.push('silenced until ' + this.clock(silencedUntil))
      return parts.filter(Boolean).join(' · ')
    },
