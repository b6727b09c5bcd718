/** The pages that are open, by their socket; `unnamed` where the dashboard does not say which. */
const viewers = flow.get('open') ?? {}
flow.set('open', viewers)

function hasViewers() {
  return Object.keys(viewers).length > 0
}
