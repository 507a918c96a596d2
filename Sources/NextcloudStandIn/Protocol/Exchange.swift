/// A request about somebody's files, of somebody who has logged in.
struct Exchange {
    let request: Request
    let target: DAVTarget
    let account: Account
}
