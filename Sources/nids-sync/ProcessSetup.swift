import Glibc

/// The surroundings that a process may be started in, made such that nothing in them does harm.
enum ProcessSetup {
    /// To be called before anything is opened and any thread is started.
    static func prepare() {
        occupyStandardDescriptors()
        Signals.ignoreHarmless()
        Allocation.keepSmall()
        ProcessRoom.raiseFileLimit()
    }

    /// Where standard input, output or error is closed, the next file opened would take its place, and what is printed
    /// would be written into it. Instead its place is taken by what can only fail.
    private static func occupyStandardDescriptors() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest number that is free, which is this one.
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}
