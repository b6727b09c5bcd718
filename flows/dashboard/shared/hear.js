    // Notes that the monitor has spoken, for all pages: who comes to a page later must not take what was kept for new.
    hear(instance) {
      this.heard = this.now = Date.now()
      if (instance.language) this.language = window.hmonitorLanguage = instance.language
      window.hmonitorNews = { heard: this.heard, ahead: this.heard - Date.parse(instance.time) }
    },
    // Milliseconds since a time of the monitor's clock, which may differ from the viewer's.
    since(time) {
      const { ahead } = window.hmonitorNews || { ahead: 0 }
      return Math.max(0, this.now - ahead - (typeof time === 'number' ? time : Date.parse(time)))
    },
