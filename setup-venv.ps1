# Makes venv\ and installs the locked requirements into it; done already, it does nothing and is quick about it.
[CmdletBinding(PositionalBinding = $false)]
param(
    [string]$Python = $env:PYTHON,
    [switch]$Dev,
    [switch]$Quiet,
    [switch]$Help,
    [Parameter(ValueFromRemainingArguments = $true)][string[]]$Unknown
)
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false # exit codes are looked at here

$usage = @'
usage: setup-venv.ps1 [-Python PATH] [-Dev] [-Quiet]
  -Python  the Python to use (3.11 or newer); without it: $env:PYTHON, then the one found
  -Dev     also install requirements-dev.lock, which the tests need
  -Quiet   print nothing when there is nothing to do
'@

function Say([string]$Text) { Write-Host "setup-venv: $Text" }
function Stop-Setup([int]$Code, [string]$Text) {
    [Console]::Error.WriteLine("setup-venv: $Text")
    exit $Code
}

# What a program prints, or '' if it cannot be started: Windows has a python.exe that only advertises its shop.
function Get-Output([string]$Program, [string[]]$Arguments) {
    $ErrorActionPreference = 'Continue' # or Windows PowerShell takes a line on stderr for an exception
    try { $lines = & $Program @Arguments 2>&1 } catch { return '' }
    return (@($lines) -join "`n").Trim()
}

if ($Help) {
    Write-Host $usage
    exit 0
}
if ($Unknown) { Stop-Setup 2 "unknown argument '$($Unknown[0])'`n$usage" }

$root = $PSScriptRoot
$venv = Join-Path $root 'venv'
$stamp = Join-Path $venv '.setup-stamp'
$log = Join-Path $venv 'setup.log'
$venvPython = Join-Path $venv 'bin/python'
if ([IO.Path]::DirectorySeparatorChar -eq '\') { $venvPython = Join-Path $venv 'Scripts\python.exe' }
$requirements = 'requirements-locust.lock'
if ($Dev) { $requirements = 'requirements-dev.lock' }

# A venv knows its own place by absolute paths, so one that was moved or copied has to be made again.
# The lines for a run come first: a venv for development also serves a run.
$wanted = @("place $root")
foreach ($name in @('requirements-locust.lock', 'requirements-dev.lock')) {
    if ($Dev -or $name -ne 'requirements-dev.lock') {
        $wanted += "$name $((Get-FileHash -LiteralPath (Join-Path $root $name)).Hash)"
    }
}
$found = @()
if (Test-Path -LiteralPath $stamp) { $found = @(Get-Content -LiteralPath $stamp) }

# The Python to make the venv with (never one inside venv\, which may be removed below) and its version.
function Find-Python {
    $names = @('py', 'python3', 'python')
    if ($Python) { $names = @($Python) }
    $advice = 'install Python 3.11 or newer, or choose one: setup-venv.ps1 -Python PATH'
    $problem = "no Python found as '$($names -join "' or '")'; $advice"
    foreach ($name in $names) {
        $version = (Get-Output $name @('--version')) -replace '^Python ', ''
        if (-not ($version -match '^(\d+)\.(\d+)')) { continue }
        if ([int]$Matches[1] * 1000 + [int]$Matches[2] -lt 3011) {
            $problem = "'$name' is Python $version, too old; $advice"
            continue
        }
        $path = Get-Output $name @('-c', 'import sys; print(sys._base_executable)')
        return @{ Path = $path; Version = $version }
    }
    Stop-Setup 2 $problem
}

$identity = 'import sys; print(sys.base_prefix, sys.version)'
function Test-Venv {
    if ($found.Count -gt 0 -and $found[0] -ne $wanted[0]) { return $false } # interrupted, or moved
    if (-not (Test-Path -LiteralPath $venvPython)) { return $false }
    $check = 'import pip, sys; print(sys.version_info >= (3, 11))'
    if ((Get-Output $venvPython @('-c', $check)) -ne 'True') { return $false }
    if (-not $Python) { return $true }
    return (Get-Output $base.Path @('-c', $identity)) -eq (Get-Output $venvPython @('-c', $identity))
}

$clock = [Diagnostics.Stopwatch]::StartNew()
$base = $null
if ($Python) { $base = Find-Python }
$sound = Test-Venv
if ($sound) {
    $kept = @($found | Select-Object -First $wanted.Count)
    if (($kept -join "`n") -eq ($wanted -join "`n")) {
        if (-not $Quiet) { Say 'venv is up to date' }
        exit 0
    }
    Say "installing $requirements"
}
else {
    if (-not $base) { $base = Find-Python }
    if ((Get-Output $base.Path @('-c', 'import ensurepip, venv; print(True)')) -ne 'True') {
        Stop-Setup 2 "Python $($base.Version) at $($base.Path) has no venv and ensurepip; install the full Python"
    }
    Say "making venv with Python $($base.Version), installing $requirements"
    if (Test-Path -LiteralPath $venv) { Remove-Item -LiteralPath $venv -Recurse -Force }
    New-Item -ItemType Directory -Path $venv | Out-Null
}

# The word stays in the stamp if this run is killed half-way.
Set-Content -LiteralPath $stamp -Value 'incomplete'
$ErrorActionPreference = 'Continue' # see Get-Output
$code = 0
if (-not $sound) {
    & $base.Path -m venv $venv *> $log
    $code = $LASTEXITCODE
}
if ($code -eq 0) {
    & $venvPython -m pip install --disable-pip-version-check --no-input --require-hashes -r (Join-Path $root $requirements) *> $log
    $code = $LASTEXITCODE
}
$ErrorActionPreference = 'Stop'
if ($code -ne 0) {
    Get-Content -LiteralPath $log | ForEach-Object { [Console]::Error.WriteLine($_) }
    Remove-Item -LiteralPath $stamp # nothing was interrupted: the next run may go on with what is there
    Stop-Setup 1 'the installation failed, see above'
}
Set-Content -LiteralPath $stamp -Value $wanted
Say "done in $([int]$clock.Elapsed.TotalSeconds) s"
exit 0
