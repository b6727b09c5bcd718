    // A text with what stands in its braces put in; in parts, every second is the name of what a page puts there itself.
    fill(text, values) {
      return text.replace(/\{(\w+)\}/g, (brace, name) => name in values ? values[name] : brace)
    },
    parts(text) {
      return text.split(/\{(\w+)\}/)
    },
