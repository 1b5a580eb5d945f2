# Starts one of the suite's own commands: command.ps1 NAME [options...].
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false

$root = Split-Path -Parent $PSScriptRoot
& (Join-Path $root 'setup-venv.ps1') -Quiet 6>&1 | ForEach-Object { [Console]::Error.WriteLine($_) }
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }

$python = Join-Path $root 'venv/bin/python'
if ([IO.Path]::DirectorySeparatorChar -eq '\') { $python = Join-Path $root 'venv\Scripts\python.exe' }
$ErrorActionPreference = 'Continue' # what a command says on stderr is no exception
Push-Location -LiteralPath $root
try { & $python -m commands @args }
finally { Pop-Location }
exit $LASTEXITCODE
