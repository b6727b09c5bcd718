    silent() {
      const seconds = Math.round((this.now - this.heard) / 1000)
      return seconds > 5 ? seconds : 0
    },
