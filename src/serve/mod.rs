//! The pages in the browser: the whole way from the files to the lists, served on this machine to
//! this machine.
//!
//! Nothing of matching, of consent or of a status is decided here: the pages call what the command
//! line calls, show what the files of a run say and write what a person decides to the file of
//! verdicts. `guard` says who may ask, `desk` holds the run that is open.

mod act;
mod audit;
mod bulk;
mod case;
mod desk;
mod difference;
mod draft;
mod guard;
mod job;
mod limits;
mod page;
mod peer;
mod promote;
mod queue;
mod routes;
mod standing;
mod why;

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError},
};

use tokio::net::TcpListener;

use self::{desk::Desk, draft::Draft, guard::Guard, job::Job, page::View, why::Engine};
use crate::{
    cli::{OpenArgs, say},
    error::{Error, Result},
    language::{Language, Texts},
    problem::Outcome,
};

/// What all requests share.
pub(crate) struct Server {
    guard: Guard,
    /// The folder in which the program was started: runs are looked for in it.
    base: PathBuf,
    read_only: bool,
    state: Mutex<State>,
    /// The run that explains, read when it is first asked for.
    engine: Mutex<Option<Arc<Engine>>>,
}

/// What changes while the pages are open.
struct State {
    /// The run that is open.
    desk: Option<Desk>,
    /// Who decides.
    reviewer: String,
    texts: Arc<Texts>,
    language: Language,
    /// The run that is being prepared.
    draft: Draft,
    /// The run that is under way, or that has just ended.
    job: Option<Arc<Job>>,
}

impl Server {
    /// What explains the run that is open; its files are read when this is first asked for.
    fn engine(&self) -> Result<Option<Arc<Engine>>> {
        let open = self
            .state()
            .desk
            .as_ref()
            .map(|desk| (desk.folder.clone(), desk.recorded.started().to_owned()));
        let Some((run, started)) = open else { return Ok(None) };
        let mut engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        if !engine.as_ref().is_some_and(|engine| engine.is_of(&run, &started)) {
            *engine = None; // its memory is needed for the next one
            *engine = Some(Arc::new(Engine::load(&run)?));
        }
        Ok(engine.clone())
    }

    /// What explains some run, where one was read before; `None` while it is being read.
    fn known(&self) -> Option<MutexGuard<'_, Option<Arc<Engine>>>> {
        match self.engine.try_lock() {
            Ok(engine) => Some(engine),
            Err(TryLockError::Poisoned(engine)) => Some(engine.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// Takes away what explains the run on the desk, where it was read before and nobody is asking
    /// it.
    fn take_engine(&self, desk: &Desk) -> Option<Engine> {
        let engine = self.known()?.take_if(|engine| engine.is_of_desk(desk))?;
        Arc::try_unwrap(engine).ok()
    }

    /// What changes while the pages are open, for one request alone.
    fn state(&self) -> MutexGuard<'_, State> {
        // a request that failed half-way has written what it has written: the files are the truth
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// What pages are made with.
    fn view<'s>(&'s self, server: &'s Server) -> View<'s> {
        View {
            texts: &self.texts,
            language: self.language,
            reviewer: &self.reviewer,
            token: server.guard.token(),
        }
    }

    fn speak(&mut self, language: Language) -> Result<()> {
        let rules = self.desk.as_ref().and_then(Desk::rules);
        self.texts = Arc::new(Texts::of_pages(rules, language)?);
        self.language = language;
        Ok(())
    }

    /// Opens a run. Where it cannot be opened, the one before stays.
    fn open(&mut self, run: &Path, read_only: bool) -> Result<()> {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let is_it = |desk: &&mut Desk| real(run) == real(&desk.folder);
        match self.desk.as_mut().filter(is_it).filter(|desk| desk.only_looks.is_none()) {
            Some(desk) => desk.refresh()?, // it holds the lock already
            None => self.desk = Some(Desk::open(run, read_only)?),
        }
        self.speak(self.language)
    }
}

/// Serves the pages until the program is ended: `reconcile open`.
///
/// # Errors
///
/// When the run cannot be opened, or no port is free.
pub(crate) fn open(args: OpenArgs) -> Result<Outcome> {
    let base = std::env::current_dir().unwrap_or_default();
    let language = args.language.unwrap_or_else(crate::cli::of_system);
    let mut state = State {
        desk: None,
        reviewer: args.reviewer.unwrap_or_else(user),
        texts: Arc::new(Texts::of_pages(None, language)?),
        language,
        draft: Draft::new(&base),
        job: None,
    };
    if let Some(run) = &args.run {
        state.open(run, args.read_only)?;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build();
    let runtime = runtime.map_err(Error::io("the server of the pages"))?;
    runtime.block_on(async {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port));
        let listener = TcpListener::bind(address).await;
        let listener = listener.map_err(Error::io(format!("port {}", args.port)))?;
        let address = listener.local_addr().map_err(Error::io("the port"))?;
        let guard = Guard::new(address.port())?;
        let link = guard.link();
        say(&format!(
            "reconcile runs in this window and shows its pages in your browser, to this computer only:\n  {link}\nKeep the window open while you use them. To end: close it, or press Ctrl+C."
        ))?;
        if !args.no_browser
            && let Err(error) = open::that_detached(&link)
        {
            say(&format!("no browser could be started ({error}): open the link by hand"))?;
        }
        let server = Server {
            guard,
            base,
            read_only: args.read_only,
            state: Mutex::new(state),
            engine: Mutex::new(None),
        };
        let service = routes::router(Arc::new(server));
        let service = service.into_make_service_with_connect_info::<SocketAddr>();
        let served = axum::serve(listener, service).await;
        served.map_err(Error::io("the server of the pages"))
    })?;
    Ok(Outcome::Complete)
}

/// The name under which the user is logged in.
fn user() -> String {
    let name =
        ["USER", "USERNAME", "LOGNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    name.unwrap_or_default()
}
