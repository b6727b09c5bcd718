    // Where the dashboard is, as the browser sees it: behind httpNodeRoot, a path of its own, or a proxy.
    pathOf(name, query) {
      return this.setup.basePath.replace(/\/$/, '') + '/' + name + (query || '')
    },
