    // Where a time lies on the axis, in percent.
    percent(time) {
      return Math.min(100, Math.max(0, (time - this.from) / (this.to - this.from) * 100))
    },
    place(from, to) {
      return { left: this.percent(from) + '%', width: Math.max(0, this.percent(to) - this.percent(from)) + '%' }
    },
    // At most so many times that are round on the viewer's clock: each day begins at its own midnight, also where it has 23 hours.
    ticksOf(most) {
      const MINUTE = 60000
      const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map((minutes) => minutes * MINUTE)
      const step = steps.find((one) => (this.to - this.from) / one <= most) || 2880 * MINUTE
      const ticks = []
      const day = new Date(this.from)
      day.setHours(0, 0, 0, 0)
      while (day.getTime() <= this.to) {
        const begin = day.getTime()
        day.setDate(day.getDate() + Math.max(1, step / (1440 * MINUTE)))
        for (let time = begin; time <= this.to && (time === begin || time + step / 2 < day.getTime()); time += step) {
          if (time >= this.from) ticks.push(this.tick(time, time === begin))
        }
      }
      return ticks
    },
    tick(time, isDay) {
      const as = isDay ? { weekday: 'short', day: 'numeric', month: 'short' } : { hour: '2-digit', minute: '2-digit' }
      const left = this.percent(time)
      // At the edges it stands beside its rule, so that it is not cut.
      const shift = left < 5 ? '0' : left > 95 ? '-100%' : '-50%'
      return { time, isDay, left, style: { left: left + '%', transform: 'translateX(' + shift + ')' }, text: new Date(time).toLocaleString([], as) }
    },
    stateAt({ states }) {
      const found = states.find(({ from, to }) => this.at >= Date.parse(from) && this.at <= Date.parse(to))
      return this.word(found ? found.state : 'unmeasured')
    },
    row(one) {
      /*include kinds.js*/
      const pieces = this.pieces(one.states).map(({ state, from, to }) => ({ state, style: this.place(from, to), title: one.target + ': ' + this.word(state) + ', ' + this.clock(from) + ' for ' + this.span(to - from) }))
      return { key: one.kind + one.target, name: one.target, kind: KINDS[one.kind].noun, now: this.stateAt(one), pieces, says: one.target + ': ' + this.shares(one.states) }
    },
    // For who cannot see the strip: how long it was what.
    shares(states) {
      const sums = {}
      for (const { state, from, to } of states) sums[state] = (sums[state] || 0) + Date.parse(to) - Date.parse(from)
      return Object.entries(sums).sort((a, b) => b[1] - a[1]).map(([state, time]) => this.word(state) + ' ' + this.span(time)).join(', ')
    },
    // Thousands of states are as many columns as a screen has, each with its worst, so that no fault is too short to be seen.
    pieces(states) {
      const all = states.map(({ state, from, to }) => ({ state, from: Date.parse(from), to: Date.parse(to) }))
      const COLUMNS = 600
      if (all.length <= COLUMNS) return all
      const ranks = ['off', 'ok', 'unmeasured', 'degraded', 'unknown', 'down']
      const width = (this.to - this.from) / COLUMNS
      const columns = []
      for (const { state, from, to } of all) {
        const last = Math.min(COLUMNS - 1, Math.floor((to - this.from) / width))
        for (let index = Math.max(0, Math.floor((from - this.from) / width)); index <= last; index++) {
          if (columns[index] === undefined || ranks.indexOf(state) > ranks.indexOf(columns[index])) columns[index] = state
        }
      }
      return columns.map((state, index) => ({ state, from: this.from + index * width, to: this.from + (index + 1) * width }))
    },
    // A value as people read it: rates in bits, shares in percent, short times in milliseconds.
    inUnits(number, unit) {
      if (unit === 'B/s') return number * 8 >= 1e6 ? (number * 8 / 1e6).toFixed(2) + ' Mb/s' : (number * 8 / 1e3).toFixed(0) + ' kb/s'
      if (unit === 's') return Math.abs(number) < 1 ? (number * 1000).toFixed(Math.abs(number) < 0.01 ? 2 : 0) + ' ms' : number.toFixed(2) + ' s'
      if (unit === 'ratio') return (number * 100).toFixed(1) + ' %'
      if (unit === '1/s') return number.toFixed(1) + ' fps'
      return String(Math.round(number))
    },
    chart(one, { name, title, unit, points, usual }) {
      const low = Math.min(...points.map((point) => point[2]))
      const most = Math.max(...points.map((point) => point[3]))
      // What is usual can be compared only where it is on the chart.
      const top = usual ? Math.max(most, usual.high) : most
      const floor = Math.min(0, low)
      const high = top > floor ? top + (top - floor) * 0.06 : floor + 1
      const step = this.answer.step * 1000
      const x = (time) => ((time - this.from) / (this.to - this.from) * 1000).toFixed(1)
      const y = (number) => (63 - (number - floor) / (high - floor) * 62).toFixed(1)
      let line = ''
      let area = ''
      // Where nothing was measured the line ends, and begins anew behind.
      for (let begin = 0; begin < points.length; ) {
        let end = begin + 1
        while (end < points.length && points[end][0] - points[end - 1][0] <= 1.5 * step) end++
        const part = points.slice(begin, end)
        const edges = part.flatMap(([time]) => [time, Math.min(this.to, time + step)])
        const both = (column) => part.flatMap((point) => [point[column], point[column]])
        line += 'M' + both(1).map((number, index) => x(edges[index]) + ' ' + y(number)).join('L')
        area += 'M' + both(3).map((number, index) => x(edges[index]) + ' ' + y(number)).join('L') + 'L' + both(2).map((number, index) => x(edges[index]) + ' ' + y(number)).reverse().join('L') + 'Z'
        begin = end
      }
      // Of now, the newest slice is not over yet.
      const late = this.live && this.cursor === 1000 ? 2 * Math.max(step, 10000) : 0
      const at = (moment) => {
        const point = points.findLast(([time]) => moment >= time && moment <= time + step + late)
        return point ? this.inUnits(point[1], unit) : 'unmeasured'
      }
      const edge = (number) => Math.min(63, Math.max(0, Number(y(number))))
      const band = usual && { y: edge(usual.high), height: Math.max(1, edge(usual.low) - edge(usual.high)), says: this.inUnits(Math.max(floor, usual.low), unit) + ' to ' + this.inUnits(usual.high, unit) }
      return { key: one.kind + one.target + name, title, of: one.target, line, area, usual: band, range: this.inUnits(low, unit) + ' to ' + this.inUnits(most, unit), now: at(this.at), at }
    },
