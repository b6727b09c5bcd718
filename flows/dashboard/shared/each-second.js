  mounted() {
    if (this.msg) this.take(this.msg)
    this.ticking = setInterval(() => { this.now = Date.now() }, 1000)
  },
  unmounted() {
    clearInterval(this.ticking)
  },
